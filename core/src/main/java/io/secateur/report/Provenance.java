package io.secateur.report;

import io.secateur.study.RunInfo;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The end of the page: what the numbers mean, and where they come from. */
final class Provenance {
  private static final double GIB = 1 << 30;

  private final Html html;
  private final Contents contents;

  Provenance(Html html, Contents contents) {
    this.html = html;
    this.contents = contents;
  }

  /** Writes what each quantity is. */
  void meanings() {
    html.open("dl");
    Set<String> explained = new HashSet<>();
    for (Quantity quantity : contents.quantities()) {
      Optional<String> meaning = Glossary.definition(quantity.name());
      String name =
          quantity
              .timing()
              .map(timing -> quantity.withUnit("Latency"))
              .or(() -> quantity.runtimeTiming().map(timing -> quantity.withUnit(timing.what())))
              .orElseGet(quantity::title);
      if (meaning.isPresent() && explained.add(name)) {
        html.element("dt", name);
        html.element("dd", meaning.get());
      }
    }
    html.close();
    if (contents.quantities().stream().anyMatch(q -> q.name().equals("disk-size/coo"))) {
      html.element("p", Glossary.COO);
    }
    contents.notes().forEach(note -> html.element("p", note, "class", "note"));
  }

  /** Writes what ran, and on what. */
  void runs() {
    List<RunInfo> runs = contents.runs();
    for (RunInfo info : runs) {
      if (runs.size() > 1) {
        html.element("h3", "Run %d".formatted(runs.indexOf(info) + 1));
      }
      run(info);
    }
    for (RunInfo info : runs.subList(1, runs.size())) {
      lines(
          "From the study of run 1 to that of run %d".formatted(runs.indexOf(info) + 1),
          ComparedRuns.differences(runs.get(0), info));
    }
  }

  private void run(RunInfo info) {
    html.open("table", "class", "facts");
    html.open("tbody");
    RunInfo.Machine machine = info.machine();
    fact("Study", info.study());
    fact("Model", Words.spaced(info.model()));
    Source data = Source.of(info.data());
    fact("Data", data.name());
    if (!data.fingerprint().isEmpty()) {
      fact("Its fingerprint", data.fingerprint());
    }
    fact("Seeds", Words.list(info.seeds()));
    fact(
        "Processor",
        "%s, %s".formatted(machine.processor(), Words.count(machine.cores(), "logical core")));
    fact("Memory", String.format(Locale.ROOT, "%.1f GiB", machine.memoryBytes() / GIB));
    fact("System", machine.system());
    fact("Java", machine.jvm());
    fact("Engine", "DJL %s, libtorch %s".formatted(machine.djl(), machine.libtorch()));
    fact("Device", "%s, %s".formatted(machine.device(), Words.count(info.threads(), "thread")));
    fact("Secateur", info.version());
    fact(
        "Last run",
        "%s of %d steps were in the store already; the rest took %s"
            .formatted(info.reused(), info.nodes(), time(info.seconds())));
    html.close().close();
    lines("Overrides on the command line", info.overrides());
    lines("Differences from the shipped study of this name", info.differences());
    lines("The study file", info.text().lines().toList());
  }

  /** Writes the commands that give the numbers again, and which numbers that are. */
  void reproduce() {
    contents.runs().forEach(this::reproduce);
    html.element(
        "p",
        "The numbers of results.jsonl come out the same, bit by bit, on the same kind of processor"
            + " and with the same libraries; those of timings.jsonl belong to the machine.");
  }

  private void reproduce(RunInfo info) {
    StringBuilder run = new StringBuilder("secateur run study.yaml --out again");
    for (String override : info.overrides()) {
      run.append(" --set ").append(quoted(override));
    }
    html.element(
        "p",
        "With Secateur %s, the study file of %s above, which is also study.yaml in the run's folder, and"
                .formatted(info.version(), info.study())
            + " data of the same fingerprint:");
    html.element("pre", run + "\nsecateur report again");
  }

  /** Quotes for a shell what it would not take as it is. */
  private static String quoted(String argument) {
    return argument.matches("[A-Za-z0-9_./=:,+-]+")
        ? argument
        : "'" + argument.replace("'", "'\\''") + "'";
  }

  private void fact(String name, String value) {
    html.open("tr").element("th", name).element("td", value).close();
  }

  private static String time(double seconds) {
    return seconds < 90
        ? String.format(Locale.ROOT, "%.0f s", seconds)
        : String.format(Locale.ROOT, "%.1f min", seconds / 60);
  }

  private void lines(String title, List<String> lines) {
    if (!lines.isEmpty()) {
      html.element("h3", title).element("pre", String.join("\n", lines));
    }
  }

  /** Writes what lies beside the page. */
  void files() {
    html.open("footer");
    html.element(
        "p",
        "Beside this page: results.csv (every number on a line), table.csv and table.md (the tables"
            + " above), report.md (all of it but what is folded), layers.md (each prune), figures/ (SVG and PNG), results.jsonl and"
            + " timings.jsonl (as measured), timings/ (what was timed again, if anything was), run.json.");
    html.close();
  }
}

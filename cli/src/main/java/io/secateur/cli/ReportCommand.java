package io.secateur.cli;

import io.secateur.report.Report;
import io.secateur.report.Summary;
import io.secateur.report.TensorBoard;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code secateur report}. */
@Command(
    name = "report",
    header = "Writes a run's tables, figures and report.html again, or compares runs.",
    description = {
      "From the results in the run's folder; nothing is run or measured.",
      "Of several folders, writes one report with the arms of all of them side by side."
    },
    footer = {
      "",
      "Examples:",
      "  secateur report runs/quickstart",
      "  secateur report runs/quickstart --pdf",
      "  secateur report runs/quickstart runs/again --out runs/compared",
      "  secateur report runs/quickstart --tensorboard events"
    })
final class ReportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "DIR",
      arity = "1..*",
      description = "The folder of a run; several are compared.")
  private List<Path> folders = List.of();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "The folder of a comparison's report. Default: runs/compare-A-B, after the folders of"
              + " the runs.")
  private Optional<Path> out = Optional.empty();

  @Option(names = "--pdf", description = "Also writes the report as report.pdf.")
  private boolean pdf;

  @Option(
      names = "--tensorboard",
      paramLabel = "DIR",
      description =
          "Also writes the run's numbers and weights as events for TensorBoard:"
              + " DIR/arm/seed-1/events.out.tfevents.*. Those of the run that are there are"
              + " replaced.")
  private Optional<Path> events = Optional.empty();

  @Override
  public Integer call() throws IOException {
    for (Path folder : folders) {
      if (!Files.isRegularFile(folder.resolve("run.json"))) {
        throw CommandException.badInput(
            folder + ": is no folder of a finished run: it has no run.json");
      }
    }
    return folders.size() > 1 ? compare() : report(folders.get(0));
  }

  private int report(Path folder) throws IOException {
    if (out.isPresent()) {
      throw CommandException.badInput(
          "--out: the report of one run lies in its folder; --out is for a comparison of several");
    }
    events.ifPresent(TensorBoard::check);
    Summary summary = pdf ? Report.writeWithPdf(folder) : Report.write(folder);
    Ending.print(summary, spec.commandLine().getOut(), false);
    pdf(folder);
    if (events.isPresent()) {
      Ending.events(folder, events.get(), spec.commandLine().getOut());
    }
    return 0;
  }

  private int compare() {
    if (events.isPresent()) {
      throw CommandException.badInput("--tensorboard: takes one run, not several");
    }
    Path folder = out.orElseGet(this::named);
    // What is written there would stand among the numbers of that run.
    if (Files.exists(folder.resolve("run.json"))) {
      throw CommandException.badInput(
          "--out: %s is the folder of a run; give the comparison one of its own".formatted(folder));
    }
    Summary summary;
    try {
      summary = Report.compare(folders, folder, pdf);
    } catch (IllegalArgumentException e) {
      throw CommandException.badInput(String.valueOf(e.getMessage()));
    }
    Ending.print(summary, spec.commandLine().getOut(), false);
    pdf(folder);
    return 0;
  }

  private Path named() {
    return Path.of(
        "runs",
        folders.stream()
            .map(folder -> String.valueOf(folder.toAbsolutePath().normalize().getFileName()))
            .collect(Collectors.joining("-", "compare-", "")));
  }

  private void pdf(Path folder) {
    if (pdf) {
      spec.commandLine().getOut().println("pdf: " + folder.resolve("report.pdf"));
      spec.commandLine().getOut().flush();
    }
  }
}

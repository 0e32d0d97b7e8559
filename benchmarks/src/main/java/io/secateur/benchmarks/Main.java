package io.secateur.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Measures and prints. Arguments: {@code --quick}, {@code --groups} to list the groups, and groups;
 * all when none is named. Properties: {@code benchmarks.folder}, {@code benchmarks.launcher} and
 * {@code benchmarks.python}, as {@code benchmarks/run} sets them.
 */
public final class Main {
  private static final String START = "start";
  private static final String MEMORY = "memory";

  private final boolean quick;
  private final Set<String> groups;
  private final Path folder = Path.of(System.getProperty("benchmarks.folder", "."));

  private Main(boolean quick, Set<String> groups) {
    this.quick = quick;
    this.groups = groups;
  }

  /** Runs. */
  public static void main(String[] arguments) throws Exception {
    Locale.setDefault(Locale.ROOT);
    List<String> asked = new ArrayList<>(List.of(arguments));
    boolean quick = asked.remove("--quick");
    Set<String> known = new LinkedHashSet<>();
    Rows.all(quick).forEach(row -> known.add(row.group()));
    known.addAll(List.of(START, MEMORY));
    if (asked.contains("--groups")) {
      known.forEach(System.out::println);
      return;
    }
    for (String group : asked) {
      if (!known.contains(group)) {
        System.err.println("benchmarks: no group '%s'; there are %s".formatted(group, known));
        System.exit(2);
      }
    }
    new Main(quick, asked.isEmpty() ? known : new LinkedHashSet<>(asked)).run();
  }

  private void run() throws IOException, RunnerException, InterruptedException {
    Path target = folder.resolve("target");
    Timings timings = new Timings(target.resolve("jmh"), quick);
    Path peers = folder.resolve("peers").resolve("serve.py");
    String python = System.getProperty("benchmarks.python", "python3");
    try (Peer peer = Peer.start(python, peers)) {
      Table table = new Table(peer.version().isEmpty());
      System.out.println(heading(peer.version()) + "\n\n" + Table.HEAD);
      for (Row row : Rows.limits()) {
        List<Double> seconds = timings.seconds(row);
        table.limit(row, seconds);
        System.out.println(table.line(row, seconds, List.of()));
      }
      for (Row row : Rows.all(quick)) {
        if (groups.contains(row.group())) {
          measure(row, timings, peer, table);
        }
      }
      starts(table);
      memory();
      timings.write(target.resolve("jmh-result.json"));
    }
  }

  /** Takes turns, so that what else the machine does meets both. */
  private void measure(Row row, Timings timings, Peer peer, Table table)
      throws IOException, RunnerException {
    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    int turns = quick || row.peer().isEmpty() || peer.version().isEmpty() ? 1 : 2;
    for (int turn = 0; turn < turns; turn++) {
      theirs.addAll(peer.seconds(row.peer()));
      ours.addAll(timings.seconds(row));
    }
    System.out.println(table.line(row, ours, theirs));
  }

  private void starts(Table table) throws IOException, InterruptedException {
    if (!groups.contains(START)) {
      return;
    }
    Commands commands =
        new Commands(Path.of(System.getProperty("benchmarks.launcher", "secateur")));
    for (String argument : List.of("--help", "plugins")) {
      Cost cost = new Cost(0, Cost.Limit.NONE);
      Row row = new Row(START, "secateur " + argument, "", "", 0, cost, "");
      System.out.println(table.line(row, commands.seconds(argument, quick ? 5 : 11), List.of()));
    }
  }

  private void memory() throws IOException, InterruptedException {
    if (groups.contains(MEMORY)) {
      System.out.println("\n" + Table.MEMORY_HEAD);
      for (String work : Extra.works()) {
        System.out.println(Extra.line(work));
      }
    }
  }

  private static String heading(String peer) throws IOException {
    return "%s, %s, %d cores, Java %s, engine PyTorch %s, peer: %s"
        .formatted(
            LocalDate.now(java.time.ZoneId.systemDefault()),
            processor(),
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("java.version"),
            ai.djl.engine.Engine.getEngine("PyTorch").getVersion(),
            peer.isEmpty() ? "no torch" : peer);
  }

  private static String processor() throws IOException {
    Path told = Path.of("/proc/cpuinfo");
    if (Files.isReadable(told)) {
      try (Stream<String> lines = Files.lines(told)) {
        return lines
            .filter(line -> line.startsWith("model name"))
            .findFirst()
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .orElse(System.getProperty("os.arch"));
      }
    }
    return System.getProperty("os.name") + " " + System.getProperty("os.arch");
  }
}

package io.secateur.benchmarks;

import io.secateur.prune.SelectionMemory;
import io.secateur.prune.WandaBenchmark;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What a selection takes beside its scores, measured in a process whose heap is touched before. */
final class Extra {
  private static final String HEAP = "4g";

  private Extra() {}

  /** Returns what is measured, by {@link SelectionMemory}'s argument. */
  static List<String> works() {
    List<String> works = new ArrayList<>();
    for (String scope : List.of("global", "layer", "row", "tile")) {
      works.add(new Task(scope, 100_000_000, 50, false, false).text());
    }
    works.add(new Task("global", 100_000_000, 50, true, false).text());
    works.add("wanda/row");
    works.add("wanda/tile");
    return works;
  }

  /** Returns a line of the table. */
  static String line(String work) throws IOException, InterruptedException {
    boolean wanda = work.startsWith("wanda/");
    long weights =
        wanda ? (long) WandaBenchmark.ROWS * WandaBenchmark.COLUMNS : Task.of(work).weights();
    long scores = weights * Float.BYTES;
    String[] extra = measured(work);
    long heap = Long.parseLong(extra[1]);
    long beside = Long.parseLong(extra[2]);
    // Wanda's scores are made in the engine while it is measured: they are none of the extra.
    long nativeBytes = beside < 0 ? beside : Math.max(0, beside - (wanda ? scores : 0));
    return "| memory | %s | %.0f MB | %.1f MB | %s | %.3f |"
        .formatted(
            wanda ? "Wanda, " + (work.endsWith("row") ? "row" : "2:4") : Task.of(work).what(),
            scores / 1e6,
            heap / 1e6,
            nativeBytes < 0 ? "not told by this system" : "%.1f MB".formatted(nativeBytes / 1e6),
            (heap + Math.max(0, nativeBytes)) / (double) scores);
  }

  private static String[] measured(String work) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(flag -> !flag.startsWith("-Xm"))
        .forEach(command::add);
    command.addAll(List.of("-Xms" + HEAP, "-Xmx" + HEAP, "-XX:+AlwaysPreTouch"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(SelectionMemory.class.getName(), work));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = process.waitFor();
    return output
        .lines()
        .filter(line -> line.startsWith("extra "))
        .findFirst()
        .map(line -> line.split(" ", 3))
        .orElseThrow(
            () ->
                new IOException("measuring memory of %s ended with code %d".formatted(work, code)));
  }
}

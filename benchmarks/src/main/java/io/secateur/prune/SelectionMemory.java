package io.secateur.prune;

import io.secateur.benchmarks.Task;
import io.secateur.sparsity.Selection;
import io.secateur.sparsity.SelectionBenchmark;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;

/**
 * Prints what a selection takes beside its scores, in bytes: what all threads allocate on the heap
 * (never less than it holds at its peak), and by how much the process grows beside the heap at its
 * peak, or -1 where the system does not tell. For a process of its own, whose heap is touched
 * before ({@code -Xms} like {@code -Xmx}, {@code -XX:+AlwaysPreTouch}), so that growth is native.
 */
public final class SelectionMemory {
  private static final Path STATUS = Path.of("/proc/self/status");

  private static final Task FEW = new Task("global", 1_000_000, 50, false, false);

  private SelectionMemory() {}

  /** Selects among a few to load what is needed, then measures. */
  public static void main(String[] arguments) throws IOException {
    if (arguments[0].startsWith("wanda/")) {
      WandaBenchmark wanda = new WandaBenchmark();
      wanda.work = arguments[0].substring("wanda/".length());
      wanda.make(64, WandaBenchmark.COLUMNS);
      wanda.masks();
      wanda.make();
      measure(wanda::masks);
      wanda.close();
      return;
    }
    Task task = Task.of(arguments[0]);
    Selection.select(task.pattern(), SelectionBenchmark.candidates(FEW));
    List<Selection.Candidate> candidates = SelectionBenchmark.candidates(task);
    measure(() -> Selection.select(task.pattern(), candidates));
  }

  private static void measure(Runnable selection) throws IOException {
    OptionalLong resident = status("VmRSS");
    long before = allocated();
    selection.run();
    long heap = allocated() - before;
    OptionalLong peak = status("VmHWM");
    long nativeBytes =
        resident.isPresent() && peak.isPresent() ? peak.getAsLong() - resident.getAsLong() : -1;
    System.out.println("extra " + heap + " " + nativeBytes);
  }

  private static long allocated() {
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long sum = 0;
    for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
      sum += Math.max(0, bytes);
    }
    return sum;
  }

  private static OptionalLong status(String name) throws IOException {
    if (!Files.isReadable(STATUS)) {
      return OptionalLong.empty();
    }
    return Files.readAllLines(STATUS).stream()
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) << 10)
        .findFirst();
  }
}

package io.secateur.builtin;

import ai.djl.ndarray.NDArray;
import io.secateur.model.Checkpoint;
import io.secateur.model.NetworkBlock;
import io.secateur.spi.Examples;
import io.secateur.spi.Metric;
import io.secateur.spi.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The memory that the process holds before the model is loaded into the engine, and the most that
 * it holds while it computes a batch. Read from Linux.
 *
 * @param batch examples at once; the test examples are repeated where there are too few
 */
public record Memory(int batch) implements Metric.OfRuntime {
  private static final String BEFORE = "memory/before";
  private static final String PEAK = "memory/peak";
  private static final Path PROCESS = Path.of("/proc/self");

  /** Batches of 64. */
  public Memory() {
    this(64);
  }

  public Memory {
    if (batch < 1) {
      throw new IllegalArgumentException("batch must be at least 1, was " + batch);
    }
  }

  @Override
  public String name() {
    return "memory";
  }

  @Override
  public String description() {
    return """
        Memory that the process holds (resident set), in MB (10^6 bytes): before the model is in \
        the engine, and at its peak while one batch of test examples (64) is computed. The process \
        holds much beside the model: Java, the engine, the data; compare peaks of one run with \
        each other. Masked weights take as much memory as any other.
        On Linux only, which says so in /proc/self/status.""";
  }

  @Override
  public List<Quantity> quantities() {
    return List.of(
        new Quantity(BEFORE, "MB", false, false), new Quantity(PEAK, "MB", false, false));
  }

  @Override
  public List<Value> measure(Checkpoint model, Bench bench) throws IOException {
    Examples examples = bench.data(Split.TEST);
    int[] shown = IntStream.range(0, batch).map(i -> i % examples.size()).toArray();
    NDArray inputs = examples.batch(shown, bench.manager()).inputs();
    // Linux sets the process's peak to what it holds now when it is told 5.
    Path peak = PROCESS.resolve("clear_refs");
    if (!Files.isWritable(peak)) {
      throw new IOException(
          "memory is read from Linux, and this machine has no writable %s; take memory out of"
                  .formatted(peak)
              + " measure");
    }
    Files.writeString(peak, "5");
    double before = megabytes("VmRSS", Files.readAllLines(PROCESS.resolve("status")));
    NetworkBlock block = model.block(bench.manager());
    // Reading the outputs waits for the device.
    var unused = block.forward(inputs, false).toFloatArray();
    double most = megabytes("VmHWM", Files.readAllLines(PROCESS.resolve("status")));
    return List.of(new Value(BEFORE, before), new Value(PEAK, Math.max(before, most)));
  }

  /** Returns what a line such as {@code VmRSS: 1234 kB} says; its kB are 1024 bytes. */
  static double megabytes(String field, List<String> status) throws IOException {
    for (String line : status) {
      if (line.startsWith(field + ":")) {
        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024 / 1e6;
      }
    }
    throw new IOException(PROCESS.resolve("status") + " does not say " + field);
  }
}

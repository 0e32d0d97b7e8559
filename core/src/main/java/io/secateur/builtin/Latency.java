package io.secateur.builtin;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import io.secateur.model.Checkpoint;
import io.secateur.model.NetworkBlock;
import io.secateur.spi.Examples;
import io.secateur.spi.Metric;
import io.secateur.spi.Split;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/**
 * Seconds that the engine takes for one batch of test examples, the outputs read back: median and
 * 90th percentile after a warm-up. Batch sizes take turns in every round, so that a change of the
 * machine's speed meets all of them.
 *
 * @param batches examples per batch; the test examples are repeated where there are too few
 * @param warmup rounds that do not count
 * @param rounds rounds that count
 */
public record Latency(List<Integer> batches, int warmup, int rounds) implements Metric.OfRuntime {
  public Latency() {
    this(List.of(1, 64), 20, 100);
  }

  public Latency {
    batches = List.copyOf(batches);
    if (batches.isEmpty() || batches.stream().anyMatch(batch -> batch < 1)) {
      throw new IllegalArgumentException(
          "batches must be a list of sizes from 1 up, was " + batches);
    }
    if (batches.stream().distinct().count() < batches.size()) {
      throw new IllegalArgumentException("batches must differ, were " + batches);
    }
    if (warmup < 0 || rounds < 1) {
      throw new IllegalArgumentException(
          "warmup must be at least 0 and rounds at least 1, were %d and %d"
              .formatted(warmup, rounds));
    }
  }

  @Override
  public String name() {
    return "latency";
  }

  @Override
  public String description() {
    return """
        Seconds from a batch of test examples in the engine's memory to its outputs in Java's: \
        median and 90th percentile over the rounds that count, for each batch size, with the \
        study's number of threads. Masked weights are computed like any other: zeros alone bring \
        no speed in this engine.""";
  }

  @Override
  public List<Quantity> quantities() {
    List<Quantity> quantities = new ArrayList<>();
    for (int batch : batches) {
      quantities.add(new Quantity(quantity(batch, "median"), "s", false, false));
      quantities.add(new Quantity(quantity(batch, "p90"), "s", false, false));
    }
    return quantities;
  }

  private static String quantity(int batch, String statistic) {
    return "latency/batch-%d/%s".formatted(batch, statistic);
  }

  @Override
  public List<Value> measure(Checkpoint model, Bench bench) throws IOException {
    NetworkBlock block = model.block(bench.manager());
    Examples examples = bench.data(Split.TEST);
    List<NDArray> inputs = new ArrayList<>();
    for (int batch : batches) {
      int[] shown = IntStream.range(0, batch).map(i -> i % examples.size()).toArray();
      inputs.add(examples.batch(shown, bench.manager()).inputs());
    }
    double[][] seconds = new double[batches.size()][rounds];
    for (int round = -warmup; round < rounds; round++) {
      for (int i = 0; i < inputs.size(); i++) {
        double time = time(block, inputs.get(i), bench.nanos());
        if (round >= 0) {
          seconds[i][round] = time;
        }
      }
    }
    List<Value> values = new ArrayList<>();
    for (int i = 0; i < seconds.length; i++) {
      values.add(new Value(quantity(batches.get(i), "median"), percentile(seconds[i], 50)));
      values.add(new Value(quantity(batches.get(i), "p90"), percentile(seconds[i], 90)));
    }
    return values;
  }

  private static double time(NetworkBlock block, NDArray input, LongSupplier nanos) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      long start = nanos.getAsLong();
      // Reading the outputs waits for the device, so that its work is in the time.
      block.forward(input, false).toFloatArray();
      return (nanos.getAsLong() - start) * 1e-9;
    }
  }

  /** The percentile with linear interpolation (type 7 of Hyndman and Fan, 1996). */
  private static double percentile(double[] values, double p) {
    return new Percentile(p)
        .withEstimationType(Percentile.EstimationType.R_7)
        .evaluate(values, 0, values.length);
  }
}

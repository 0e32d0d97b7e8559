package io.secateur.evaluate;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.secateur.model.Architecture;
import io.secateur.model.Attention;
import io.secateur.model.Checkpoint;
import io.secateur.model.NetworkBlock;
import io.secateur.spi.Examples;
import io.secateur.spi.Metric;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/** Measures checkpoints. All metrics of predictions share one pass; the others run one by one. */
public final class Evaluation {
  /**
   * Batches are sized for throughput: this many numbers in the widest layer of a batch. Arrays of
   * more than 32 MiB are mapped and unmapped by the C library each time, which costs more than
   * computing them.
   */
  private static final long NUMBERS_PER_BATCH = 4L << 20;

  private static final int LARGEST_BATCH = 1000;

  private Evaluation() {}

  /** Where a measurement takes place. */
  public interface Setting {
    /** Returns a split of the data set. */
    Examples data(Split split) throws IOException;

    /** Returns the examples that predictions are made for: the test split, or some of it. */
    default Examples predicted() throws IOException {
      return data(Split.TEST);
    }

    /** Returns what the examples ask of the model. */
    Task task();

    /** Returns the device to compute on. */
    Device device();

    /** Returns how many threads the engine uses. */
    int threads();

    /** Returns a clock in nanoseconds that only goes forward. */
    LongSupplier nanos();

    /** Returns a folder in which temporary folders are made. */
    Path folder();

    /** Keeps a file that a metric gives beside its values; where none are kept, it is dropped. */
    default void keep(Metric metric, String name, byte[] bytes) {}
  }

  /**
   * Measures a checkpoint on the test split.
   *
   * @return the values of each metric, in the order asked
   * @throws IllegalArgumentException when a metric does not suit the task
   */
  public static Map<Metric, List<Metric.Value>> measure(
      Checkpoint model, List<Metric> metrics, Setting setting) throws IOException {
    for (Metric metric : metrics) {
      if (!metric.suits(setting.task())) {
        throw new IllegalArgumentException(
            "metric '%s' cannot be measured on %s".formatted(metric.name(), setting.task()));
      }
    }
    Map<Metric, List<Metric.Value>> values = new LinkedHashMap<>();
    metrics.forEach(metric -> values.put(metric, List.of()));
    values.putAll(ofPredictions(model, metrics, setting));
    for (Metric metric : metrics) {
      if (metric instanceof Metric.OfModel m) {
        values.put(m, m.measure(model));
      } else if (metric instanceof Metric.OfRuntime m) {
        values.put(m, new Workbench(setting).measure(model, m));
      }
    }
    return values;
  }

  private static Map<Metric, List<Metric.Value>> ofPredictions(
      Checkpoint model, List<Metric> metrics, Setting setting) throws IOException {
    List<Metric.OfPredictions> asked = new ArrayList<>();
    for (Metric metric : metrics) {
      if (metric instanceof Metric.OfPredictions m) {
        asked.add(m);
      }
    }
    if (asked.isEmpty()) {
      return Map.of();
    }
    try (NDManager manager = NDManager.newBaseManager(setting.device(), "PyTorch")) {
      NetworkBlock block = model.block(manager);
      int batch = batchSize(model.architecture());
      return new LinkedHashMap<>(
          predictions(block, setting.predicted(), setting.task(), asked, batch, manager));
    }
  }

  /** Returns how many examples of an architecture's input to compute at once, at most 1000. */
  public static int batchSize(Architecture architecture) {
    long widest = architecture.input().size();
    for (Architecture.Place place : architecture.places()) {
      widest = Math.max(widest, place.output().size());
      if (place.layer() instanceof Attention attention) {
        // Scores of all pairs of positions, in each head.
        long positions = place.output().get(0);
        long heads = place.output().get(1) / attention.headSize();
        widest = Math.max(widest, positions * positions * heads);
      }
    }
    return (int) Math.max(1, Math.min(LARGEST_BATCH, NUMBERS_PER_BATCH / widest));
  }

  /**
   * Shows all examples to a network once, in order, the short last batch included, and tallies each
   * metric.
   *
   * @param batch examples computed at once; the values do not depend on it but for rounding of sums
   * @param manager on the network's device; owns nothing afterwards
   */
  public static Map<Metric.OfPredictions, List<Metric.Value>> predictions(
      NetworkBlock block,
      Examples examples,
      Task task,
      List<? extends Metric.OfPredictions> metrics,
      int batch,
      NDManager manager) {
    List<Metric.OfPredictions.Tally> tallies = new ArrayList<>();
    metrics.forEach(metric -> tallies.add(metric.start(task)));
    for (int first = 0; first < examples.size(); first += batch) {
      int last = Math.min(examples.size(), first + batch);
      try (NDScope scope = new NDScope();
          NDManager own = manager.newSubManager()) {
        scope.suppressNotUsedWarning();
        Examples.Batch shown = examples.batch(IntStream.range(first, last).toArray(), own);
        NDArray predictions = block.forward(shown.inputs(), false);
        tallies.forEach(tally -> tally.add(predictions, shown.targets()));
      }
    }
    Map<Metric.OfPredictions, List<Metric.Value>> values = new LinkedHashMap<>();
    for (int i = 0; i < tallies.size(); i++) {
      values.put(metrics.get(i), tallies.get(i).result());
    }
    return values;
  }
}

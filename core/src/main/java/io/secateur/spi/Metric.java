package io.secateur.spi;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/** Numbers measured on a model. */
public sealed interface Metric extends Plugin {
  /** Returns what it measures, in the order of a table's columns. */
  List<Quantity> quantities();

  /**
   * Returns whether it can be measured on a task; a study that asks for it elsewhere is refused.
   */
  default boolean suits(Task task) {
    return true;
  }

  /**
   * Returns what keeps it from being measured on a test part, a line each; empty when nothing does.
   * A study that asks for it there is refused.
   *
   * @param tests how many test examples there are, looked up when asked
   */
  default List<String> faults(IntSupplier tests) {
    return List.of();
  }

  /**
   * Returns what keeps it from being measured on a model, a line each; empty when nothing does. A
   * study that asks for it there is refused.
   *
   * @param architecture as the study's model is opened
   */
  default List<String> faults(Architecture architecture) {
    return List.of();
  }

  /**
   * A named number.
   *
   * @param name unique among all metrics: {@code accuracy}, {@code disk-size/coo}, {@code
   *     latency/batch-64/median}
   * @param unit {@code %}, {@code s}, {@code MB}, {@code MiB}; empty when it has none
   * @param higherIsBetter whether a report ranks high values first
   * @param reproducible whether the same step gives the same number; timings do not, and belong to
   *     their machine
   */
  record Quantity(String name, String unit, boolean higherIsBetter, boolean reproducible) {}

  /**
   * A measured value.
   *
   * @param quantity the name of one of {@link #quantities}
   * @param layer the parameter it belongs to; empty for the whole model
   */
  record Value(String quantity, double value, String layer) {
    /** A value of the whole model. */
    public Value(String quantity, double value) {
      this(quantity, value, "");
    }
  }

  /** A metric of the model alone: sparsity, parameters, multiply-accumulates. */
  non-sealed interface OfModel extends Metric {
    /** Measures a model. */
    List<Value> measure(Checkpoint model);
  }

  /** A metric of predictions: all such metrics share one pass over the test data. */
  non-sealed interface OfPredictions extends Metric {
    /** Starts a fresh tally. */
    Tally start(Task task);

    /** Collects predictions, batch by batch. */
    interface Tally {
      /** Adds a batch: predictions (batch, outputs) as float32, targets as the task says. */
      void add(NDArray predictions, NDArray targets);

      /** Returns the values over all batches added. */
      List<Value> result();
    }
  }

  /** A metric of a model at work, or at rest on disk: latency, file sizes, a foreign runtime. */
  non-sealed interface OfRuntime extends Metric {
    /** Measures a model. */
    List<Value> measure(Checkpoint model, Bench bench) throws IOException;

    /** What such a metric may use. */
    interface Bench {
      /** Returns a split of the study's data set. */
      Examples data(Split split) throws IOException;

      /** Returns the device to compute on. */
      Device device();

      /** Returns how many threads the engine uses. */
      int threads();

      /** Returns a clock in nanoseconds that only goes forward. */
      LongSupplier nanos();

      /** Returns an empty folder that is deleted afterwards. */
      Path folder();

      /**
       * Keeps a file with the measurement, for a report to draw from: sample images, a confusion
       * matrix.
       *
       * @param name a plain file's name, unique within the measurement: {@code samples.json}
       */
      default void keep(String name, byte[] bytes) {
        throw new UnsupportedOperationException("nothing is kept here");
      }

      /** Returns a manager that is closed afterwards. */
      NDManager manager();
    }
  }
}

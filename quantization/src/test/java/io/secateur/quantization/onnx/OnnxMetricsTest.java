package io.secateur.quantization.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Embedding;
import io.secateur.model.Linear;
import io.secateur.model.Relu;
import io.secateur.spi.Examples;
import io.secateur.spi.Metric;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnnxMetricsTest {
  private static final Architecture NET =
      new Architecture(
          new Shape(8), List.of(new Linear("fc1", 64), new Relu("relu"), new Linear("out", 4)));
  private static final int EXAMPLES = 2500;

  @TempDir Path folder;

  /** Noise, and as labels what a model says of it, but for every fifth example. */
  private record Bench(NDManager manager, Path folder, Checkpoint teacher, LongSupplier nanos)
      implements Metric.OfRuntime.Bench {
    @Override
    public Examples data(Split split) {
      assertThat(split).isEqualTo(Split.TEST);
      return new Examples() {
        @Override
        public int size() {
          return EXAMPLES;
        }

        @Override
        public Batch batch(int[] indices, NDManager owner) {
          float[] numbers = new float[indices.length * 8];
          for (int i = 0; i < indices.length; i++) {
            Random random = new Random(indices[i]);
            for (int j = 0; j < 8; j++) {
              numbers[i * 8 + j] = (float) random.nextGaussian();
            }
          }
          NDArray inputs = owner.create(numbers, new Shape(indices.length, 8));
          long[] labels = teacher.block(owner).forward(inputs, false).argMax(1).toLongArray();
          for (int i = 0; i < indices.length; i++) {
            labels[i] = indices[i] % 5 == 0 ? (labels[i] + 1) % 4 : labels[i];
          }
          return new Batch(inputs, owner.create(labels));
        }
      };
    }

    @Override
    public Device device() {
      return Device.cpu();
    }

    @Override
    public int threads() {
      return 2;
    }
  }

  private List<Metric.Value> measured(Metric.OfRuntime metric, Checkpoint model, LongSupplier nanos)
      throws IOException {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      return metric.measure(model, new Bench(manager, folder, Networks.model(NET, 1), nanos));
    } finally {
      Files.deleteIfExists(folder.resolve("model.onnx"));
    }
  }

  private static LongSupplier ticks() {
    long[] state = {0, 0};
    return () -> {
      // Every second reading ends a call: the n-th call lasts n microseconds.
      state[1]++;
      state[0] += state[1] % 2 == 0 ? state[1] / 2 * 1000 : 0;
      return state[0];
    };
  }

  @Test
  @Tag("engine")
  void batchesAndThreadsTakeTurnsInEveryRound() throws IOException {
    OnnxLatency metric = new OnnxLatency(List.of(1, 64), List.of(1, 0), 2, 5);
    List<Metric.Value> values = measured(metric, Networks.model(NET, 1), ticks());

    assertThat(values)
        .extracting(Metric.Value::quantity)
        .containsExactlyElementsOf(
            metric.quantities().stream().map(Metric.Quantity::name).toList());
    // Calls 1–8 warm up; of those that count, the first course has 9 13 17 21 25.
    for (int course = 0; course < 4; course++) {
      assertThat(values.get(4 * course).value()).isCloseTo((17 + course) * 1e-6, within(1e-12));
      assertThat(values.get(4 * course + 1).value())
          .isCloseTo((10.6 + course) * 1e-6, within(1e-12));
      assertThat(values.get(4 * course + 2).value())
          .isCloseTo((23.4 + course) * 1e-6, within(1e-12));
    }
    assertThat(values.get(3).quantity()).isEqualTo("onnx-latency/batch-1/threads-1/throughput");
    assertThat(values.get(3).value()).isCloseTo(1 / 17e-6, within(1e-3));
    assertThat(values.get(15).quantity()).isEqualTo("onnx-latency/batch-64/threads-all/throughput");
    assertThat(values.get(15).value()).isCloseTo(64 / 20e-6, within(1e-3));
  }

  @Test
  void timesBelongToTheirMachine() {
    assertThat(new OnnxLatency().quantities()).noneMatch(Metric.Quantity::reproducible);
    assertThat(new OnnxAccuracy().quantities()).allMatch(Metric.Quantity::reproducible);
    assertThat(new OnnxSize().quantities()).allMatch(Metric.Quantity::reproducible);
  }

  @Test
  void refusesSettingsThatMeasureNothing() {
    assertThatThrownBy(() -> new OnnxLatency(List.of(), List.of(1), 1, 1))
        .hasMessage("batches must be a list of sizes from 1 up, was []");
    assertThatThrownBy(() -> new OnnxLatency(List.of(1), List.of(-1), 1, 1))
        .hasMessage("threads must be a list of counts from 1 up, or 0 for the study's, was [-1]");
    assertThatThrownBy(() -> new OnnxLatency(List.of(1), List.of(2, 2), 1, 1))
        .hasMessage("threads must differ, were [2, 2]");
    assertThatThrownBy(() -> new OnnxLatency(List.of(1), List.of(1), 0, 0))
        .hasMessage("warmup must be at least 0 and rounds at least 1, were 0 and 0");
  }

  @Test
  @Tag("engine")
  void accuracyIsOverAllExamples() throws IOException {
    List<Metric.Value> same = measured(new OnnxAccuracy(), Networks.model(NET, 1), () -> 0);

    assertThat(same)
        .containsExactly(
            new Metric.Value("onnx-accuracy", 80.0),
            new Metric.Value("onnx-accuracy/agreement", 100.0));
    // Another model has little to do with these labels, and still is the same in both engines.
    List<Metric.Value> other = measured(new OnnxAccuracy(), Networks.model(NET, 2), () -> 0);
    assertThat(other.get(0).value()).isLessThan(60);
    assertThat(other.get(1).value()).isEqualTo(100);
  }

  @Test
  @Tag("engine")
  void quantizedModelsPredictTheSameClassesButForTies() throws IOException {
    Checkpoint floats = Networks.model(NET, 1);
    for (Checkpoint model :
        List.of(
            Quantized.dynamic(floats, 63, true),
            Quantized.statically(floats, 63, true, Agreement.numbers(floats, 200, 1), 200))) {
      List<Metric.Value> values = measured(new OnnxAccuracy(), model, () -> 0);

      assertThat(values.get(0).value()).isBetween(70.0, 80.0);
      assertThat(values.get(1).value()).isGreaterThan(99.5);
    }
  }

  @Test
  void anOutputThatIsNoNumberIsOfNoClass() {
    assertThat(OnnxAccuracy.classes(new float[] {1, 3, 3, Float.NaN, 0, 1, 2, 1, 0}, 3))
        .containsExactly(1, -1, 0);
  }

  @Test
  @Tag("engine")
  void accuracyIsOfClasses() {
    assertThat(new OnnxAccuracy().suits(new Task.Classification(new Shape(2), 3))).isTrue();
    assertThat(new OnnxAccuracy().suits(new Task.Regression(new Shape(2), 1))).isFalse();
    assertThat(new OnnxAccuracy().suits(new Task.TokenPrediction(new Shape(2), 9))).isFalse();
    Architecture positions = new Architecture(new Shape(4), List.of(new Embedding("words", 9, 5)));
    assertThatThrownBy(() -> measured(new OnnxAccuracy(), Networks.model(positions, 1), () -> 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("outputs of shape (4, 5)");
  }

  @Test
  @Tag("engine")
  void integersTakeAQuarterOfTheFile() throws IOException {
    Architecture wide = new Architecture(new Shape(300), List.of(new Linear("fc", 300, false)));
    Checkpoint floats = Networks.model(wide, 1);
    List<Metric.Value> sizes = measured(new OnnxSize(), floats, () -> 0);
    List<Metric.Value> integers =
        measured(new OnnxSize(), Quantized.weights(floats, 127, true), () -> 0);

    assertThat(sizes.get(0).value()).isBetween(0.36, 0.361);
    assertThat(integers.get(0).value()).isBetween(0.09, 0.093);
    assertThat(sizes.get(1).value()).isLessThan(sizes.get(0).value());
    assertThat(sizes)
        .extracting(Metric.Value::quantity)
        .containsExactly("onnx-size", "onnx-size/deflated");
  }
}

package io.secateur.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Flatten;
import io.secateur.model.Linear;
import io.secateur.model.Tensor;
import io.secateur.spi.Examples;
import io.secateur.spi.Metric;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

final class SamplesTest {
  private static final Shape IMAGE = new Shape(1, 1, 2);

  /** Of two pixels the brighter one is the class. */
  private static final Checkpoint MODEL =
      new Checkpoint(
          new Architecture(IMAGE, List.of(new Flatten("flatten"), new Linear("out", 2, false))),
          Map.of("out.weight", Tensor.of(new Shape(2, 2), 1, 0, 0, 1)));

  /** Example n has the pixels 0 and n − 2, and the class 1. */
  private record Bench(NDManager manager, Map<String, byte[]> kept)
      implements Metric.OfRuntime.Bench {
    @Override
    public Examples data(Split split) {
      assertThat(split).isEqualTo(Split.TEST);
      return new Examples() {
        @Override
        public int size() {
          return 4;
        }

        @Override
        public Batch batch(int[] indices, NDManager owner) {
          float[] pixels = new float[2 * indices.length];
          long[] labels = new long[indices.length];
          for (int i = 0; i < indices.length; i++) {
            pixels[2 * i + 1] = indices[i] - 2;
            labels[i] = 1;
          }
          return new Batch(
              owner.create(pixels, new Shape(indices.length, 1, 1, 2)), owner.create(labels));
        }
      };
    }

    @Override
    public Device device() {
      return Device.cpu();
    }

    @Override
    public int threads() {
      return 1;
    }

    @Override
    public LongSupplier nanos() {
      return () -> 0;
    }

    @Override
    public Path folder() {
      throw new AssertionError("samples need no folder");
    }

    @Override
    public void keep(String name, byte[] bytes) {
      kept.put(name, bytes);
    }
  }

  @Test
  @Tag("engine")
  void keepsImagesAndPredictionsAndCountsThoseThatAreRight() throws IOException {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      Bench bench = new Bench(manager, new TreeMap<>());
      List<Metric.Value> values = new Samples(List.of(3, 0)).measure(MODEL, bench);
      assertThat(values).containsExactly(new Metric.Value("samples/correct", 1));
      assertThat(bench.kept()).containsOnlyKeys("images.json", "predictions.json");
      // 0 and 1 as float32, little-endian; then 0 and −2.
      assertThat(text(bench, "images.json"))
          .isEqualTo(
              "{\"shape\":[1,1,2],\"images\":["
                  + "{\"example\":3,\"label\":1,\"pixels\":\"AAAAAAAAgD8=\"},"
                  + "{\"example\":0,\"label\":1,\"pixels\":\"AAAAAAAAAMA=\"}]}");
      assertThat(text(bench, "predictions.json"))
          .startsWith("[{\"example\":3,\"label\":1,\"predicted\":1,\"probability\":0.731058578")
          .contains("{\"example\":0,\"label\":1,\"predicted\":0,\"probability\":0.880797077");
    }
  }

  private static String text(Bench bench, String name) {
    return new String(bench.kept().getOrDefault(name, new byte[0]), StandardCharsets.UTF_8);
  }

  @Test
  void neverCallsAnOutputOfNanRight() {
    SampleFiles files = new SampleFiles(List.of(7), new long[] {0});
    float[] outputs = {Float.NaN, 1};
    assertThat(files.correct(outputs)).isZero();
    assertThat(new String(files.predictions(outputs), StandardCharsets.UTF_8))
        .isEqualTo("[{\"example\":7,\"label\":0,\"predicted\":-1,\"probability\":0.0}]");
  }

  @Test
  void suitsImagesAlone() {
    assertThat(new Samples().suits(new Task.Classification(new Shape(3, 32, 32), 10))).isTrue();
    assertThat(new Samples().suits(new Task.Classification(new Shape(1, 28, 28), 10))).isTrue();
    assertThat(new Samples().suits(new Task.Classification(new Shape(2, 28, 28), 10))).isFalse();
    assertThat(new Samples().suits(new Task.Classification(new Shape(784), 10))).isFalse();
    assertThat(new Samples().suits(new Task.Regression(new Shape(1, 28, 28), 1))).isFalse();
  }

  @Test
  void refusesExamplesThatThereAreNot() {
    assertThat(new Samples(List.of(3, 0)).faults(() -> 4)).isEmpty();
    assertThat(new Samples(List.of(3, 4, 9)).faults(() -> 4))
        .containsExactly("the test examples are numbered 0 to 3, was asked for 4, 9");
    assertThatThrownBy(() -> new Samples(List.of()))
        .hasMessage("between 1 and 60 examples are shown, was given 0");
    assertThatThrownBy(() -> new Samples(List.of(-1)))
        .hasMessage("examples are numbered from 0, was [-1]");
    assertThatThrownBy(() -> new Samples(List.of(5, 5)))
        .hasMessage("an example is listed twice in [5, 5]");
  }
}

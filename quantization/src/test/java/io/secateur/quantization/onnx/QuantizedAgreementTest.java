package io.secateur.quantization.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.engine.Engine;
import ai.djl.pytorch.jni.JniUtils;
import io.secateur.model.Checkpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Random networks on integers: the runtime computes what the engine does with rounded floats. */
@Tag("engine")
class QuantizedAgreementTest {
  private static final int NETWORKS = 45;

  @TempDir Path folder;
  private static int threads;

  @BeforeAll
  static void oneThread() {
    Engine.getEngine("PyTorch");
    threads = JniUtils.getNumThreads();
    JniUtils.setNumThreads(1);
  }

  @AfterAll
  static void asManyAsBefore() {
    JniUtils.setNumThreads(threads);
  }

  private interface Rounded {
    Checkpoint of(Checkpoint floats, boolean perRow, long seed);
  }

  private List<Double> apart(Rounded rounded) throws IOException {
    List<Double> all = new ArrayList<>();
    for (long seed = 0; seed < NETWORKS; seed++) {
      Checkpoint model = rounded.of(Networks.drawn(seed), seed % 2 == 0, seed);
      double apart = Agreement.of(model, 5, seed, folder).apart();
      assertThat(apart).as("seed %d: %s", seed, model.architecture()).isLessThan(0.05);
      all.add(apart);
    }
    all.sort(null);
    return all;
  }

  @Test
  void weightsAloneAgreeAsFloatsDo() throws IOException {
    List<Double> apart = apart((floats, perRow, seed) -> Quantized.weights(floats, 127, perRow));

    assertThat(apart.get(NETWORKS - 1)).isLessThan(1e-5);
  }

  /** A number between two integers may be rounded to either: then, and only then, a step apart. */
  @Test
  void mostNetworksOfFixedRangesAgreeToTheLastDigits() throws IOException {
    List<Double> apart =
        apart(
            (floats, perRow, seed) ->
                Quantized.statically(floats, 63, perRow, Agreement.numbers(floats, 8, seed), 8));

    assertThat(apart.get(NETWORKS * 3 / 4)).isLessThan(1e-5);
  }

  @Test
  void mostNetworksOfARangePerBatchAgreeToTheLastDigits() throws IOException {
    List<Double> apart = apart((floats, perRow, seed) -> Quantized.dynamic(floats, 63, perRow));

    assertThat(apart.get(NETWORKS * 3 / 4)).isLessThan(1e-5);
  }
}

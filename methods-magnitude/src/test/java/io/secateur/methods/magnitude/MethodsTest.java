package io.secateur.methods.magnitude;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.calibrate.Calibrator;
import io.secateur.sparsity.Form;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Weight;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class MethodsTest {
  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private float[] scores(ScoringMethod method, long seed, float... weights) {
    NDArray matrix = manager.create(weights, new Shape(2, weights.length / 2));
    Weight weight = new Weight("w", Form.matrix(2, weights.length / 2), matrix, Map.of(), seed);
    NDArray scores = method.scores(weight, Calibrator.none("w", manager));
    assertThat(scores.getShape()).isEqualTo(matrix.getShape());
    return scores.toFloatArray();
  }

  @Test
  void l1IsTheMagnitude() {
    assertThat(scores(new L1(), 0, -3, .5f, 0, 2)).containsExactly(3, .5f, 0, 2);
  }

  @Test
  void randomScoresAreUniformAndDecidedByTheSeedAlone() {
    float[] first = scores(new RandomScores(), 1, new float[20_000]);
    float[] weights = new float[20_000];
    weights[3] = 7;
    assertThat(scores(new RandomScores(), 1, weights)).isEqualTo(first);
    assertThat(scores(new RandomScores(), 2, weights)).isNotEqualTo(first);
    int[] tenths = new int[10];
    for (float score : first) {
      tenths[(int) Math.min(9, score * 10)]++;
    }
    for (int count : tenths) {
      // 2,000 expected, standard deviation 42.
      assertThat(count).isBetween(1800, 2200);
    }
  }

  @Test
  void areFoundByName() {
    assertThat(ServiceLoader.load(PruningMethod.class))
        .extracting(PruningMethod::name)
        .contains("l1", "random");
  }
}

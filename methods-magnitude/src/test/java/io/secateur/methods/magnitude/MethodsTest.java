package io.secateur.methods.magnitude;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

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
        .contains("gradient", "l1", "l2", "lamp", "movement", "random", "snip", "taylor");
  }

  @Test
  void everyMethodGivesItsEquationAndItsPaper() {
    for (PruningMethod method : ServiceLoader.load(PruningMethod.class)) {
      if (!method.name().equals("random")) {
        assertThat(method.description())
            .as(method.name())
            .contains("s = ")
            .contains("Why it should work:")
            .containsPattern("(19|20)[0-9]{2}");
      }
    }
  }

  @Test
  void l2IsTheSquare() {
    assertThat(scores(new L2(), 0, -3, .5f, 0, 2)).containsExactly(9, .25f, 0, 4);
  }

  @Test
  void lampDividesBySquaresAtLeastAsLarge() {
    // Squares 1, 4, 16, 25; sums from the largest: 46, 45, 41, 25.
    assertThat(scores(new Lamp(), 0, -2, 1, 5, -4))
        .containsExactly(4 / 45f, 1 / 46f, 1, (float) (16 / 41.0));
  }

  @Test
  void lampRanksEqualsByIndexAndZerosFirst() {
    assertThat(scores(new Lamp(), 0, 0, 2, -2, 2))
        .containsExactly(0, (float) (4 / 12.0), (float) (4 / 8.0), 1);
    assertThat(scores(new Lamp(), 0, 0, 0, -0f, 0)).containsExactly(0, 0, 0, 0);
  }

  @Test
  void lampLeavesEveryLayerItsLargestWeights() {
    float[] small = scores(new Lamp(), 0, .1f, .2f, .3f, .4f);
    float[] large = scores(new Lamp(), 0, 10, 20, 30, 40);
    assertThat(small).containsExactly(large, within(1e-6f));
  }
}

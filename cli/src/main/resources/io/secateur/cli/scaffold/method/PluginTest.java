package @package@;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.conformance.PruningMethodContract;
import io.secateur.sparsity.Form;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The rules of pruning methods, each a test, and what this one scores. */
class @class@Test implements PruningMethodContract {
  @Override
  public PruningMethod plugin() {
    return new @class@();
  }

  @Test
  void dividesByTheMeanOfTheRow() {
    float[] scores = scores(new @class@(1), new float[] {1, -3, 10, 30});

    assertArrayEquals(new float[] {0.5f, 1.5f, 0.5f, 1.5f}, scores, 1e-6f);
  }

  @Test
  void isMagnitudeWithExponentZero() {
    float[] scores = scores(new @class@(0), new float[] {1, -3, 10, 30});

    assertArrayEquals(new float[] {1, 3, 10, 30}, scores, 1e-6f);
  }

  /** Scores a 2 × 2 weight. */
  private static float[] scores(@class@ method, float[] cells) {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray matrix = manager.create(cells, new Shape(2, 2));
      Weight weight = new Weight("fc.weight", Form.matrix(2, 2), matrix, Map.of(), 1);
      return method.scores(weight, new NoStatistics()).toFloatArray();
    }
  }

  private static final class NoStatistics implements Statistics {
    @Override
    public NDArray total(Statistic statistic) {
      throw new IllegalArgumentException("needs() names no statistic");
    }

    @Override
    public long count(Statistic statistic) {
      throw new IllegalArgumentException("needs() names no statistic");
    }
  }
}

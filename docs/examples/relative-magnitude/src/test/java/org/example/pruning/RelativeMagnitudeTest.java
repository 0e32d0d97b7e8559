package org.example.pruning;

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

class RelativeMagnitudeTest implements PruningMethodContract {
  @Override
  public PruningMethod plugin() {
    return new RelativeMagnitude();
  }

  @Test
  void addsTheSharesOfRowAndColumn() {
    float[] scores = scores(new float[] {1, -3, 3, 1}, 2, 2);

    assertArrayEquals(new float[] {0.5f, 1.5f, 1.5f, 0.5f}, scores, 1e-6f);
  }

  @Test
  void keepsTheLargestWeightOfAFaintRow() {
    float[] scores = scores(new float[] {10, 20, 0.01f, 0.04f}, 2, 2);

    assertArrayEquals(new float[] {1.3323f, 1.6647f, 0.2010f, 0.8020f}, scores, 1e-3f);
  }

  @Test
  void scoresEmptyRowsAndColumnsWithZero() {
    float[] scores = scores(new float[] {0, 0, 0, 2}, 2, 2);

    assertArrayEquals(new float[] {0, 0, 0, 2}, scores, 1e-6f);
  }

  private static float[] scores(float[] cells, int rows, int columns) {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray matrix = manager.create(cells, new Shape(rows, columns));
      Weight weight = new Weight("fc.weight", Form.matrix(rows, columns), matrix, Map.of(), 1);
      return new RelativeMagnitude().scores(weight, new NoStatistics()).toFloatArray();
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

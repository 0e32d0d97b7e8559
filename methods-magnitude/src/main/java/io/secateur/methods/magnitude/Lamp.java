package io.secateur.methods.magnitude;

import ai.djl.ndarray.NDArray;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;
import java.util.Arrays;

/**
 * Layer-adaptive magnitudes (Lee et al., 2021): w² over the sum of squares of all weights of the
 * layer that are at least as large. Of equals the one with the lower index counts as the smaller,
 * as wherever weights are ranked.
 */
public record Lamp() implements ScoringMethod {
  @Override
  public String name() {
    return "lamp";
  }

  @Override
  public String description() {
    return """
        Scores a weight by its share of what would be left of its layer, were it the next to go: \
        s = w^2 / sum of v^2 over all weights v of the layer with |v| >= |w|.
        Made for scope global: the largest weight of every layer scores 1, so no layer is pruned \
        away before the others, and each layer's share of the sparsity comes out by itself. \
        Within a layer the order is that of l1.
        Why it should work: the score bounds how far removing the weight can change the layer, \
        relative to the layer as it is then.
        Lee et al., "Layer-adaptive Sparsity for the Magnitude-based Pruning", ICLR 2021.""";
  }

  @Override
  public NDArray scores(Weight weight, Statistics statistics) {
    NDArray matrix = weight.matrix();
    float[] scores = scores(matrix.toFloatArray());
    return matrix.getManager().create(scores, matrix.getShape());
  }

  /** Sums from the largest weight down, as doubles. */
  private static float[] scores(float[] weights) {
    // The bits of magnitudes have the order of the magnitudes; the index behind them makes it
    // stable.
    long[] order = new long[weights.length];
    for (int i = 0; i < order.length; i++) {
      order[i] = (long) Float.floatToRawIntBits(Math.abs(weights[i])) << 32 | i;
    }
    Arrays.parallelSort(order);
    float[] scores = new float[weights.length];
    double sum = 0;
    for (int at = order.length - 1; at >= 0; at--) {
      int cell = (int) order[at];
      double square = (double) weights[cell] * weights[cell];
      sum += square;
      // A weight of 0 is the first to go, also where nothing but zeros is left.
      scores[cell] = square == 0 ? 0 : (float) (square / sum);
    }
    return scores;
  }
}

package org.example.pruning;

import ai.djl.ndarray.NDArray;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;

/**
 * A weight's share of its row plus its share of its column: the half of RIA that needs no data
 * (Zhang et al., "Plug-and-Play: An Efficient Post-training Pruning Method for Large Language
 * Models", 2024).
 */
public record RelativeMagnitude() implements ScoringMethod {
  /** Added to every sum, so that a row or column without weights gives shares of 0, not NaN. */
  private static final float TINY = 1e-30f;

  @Override
  public String name() {
    return "relative-magnitude";
  }

  @Override
  public String description() {
    return """
        Scores a weight by its share of its row plus its share of its column:
        s_ij = |w_ij| / sum_j |w_ij| + |w_ij| / sum_i |w_ij|.
        Why it should work: magnitude alone may empty the rows and columns of small weights, and with
        them whole units; shares keep the weights that matter most to each unit.
        Zhang et al., "Plug-and-Play: An Efficient Post-training Pruning Method for Large Language
        Models", 2024: relative importance, without its activations.""";
  }

  @Override
  public NDArray scores(Weight weight, Statistics statistics) {
    NDArray size = weight.matrix().abs();
    NDArray ofRow = size.div(size.sum(new int[] {1}, true).add(TINY));
    NDArray ofColumn = size.div(size.sum(new int[] {0}, true).add(TINY));
    return ofRow.add(ofColumn);
  }
}

package io.secateur.methods.wanda;

import ai.djl.ndarray.NDArray;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistic.Inputs;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;
import java.util.Set;

/**
 * A weight's share of its row and of its column, times a power of the norm of the input that it
 * meets: relative importance and activations (Zhang et al., 2024).
 *
 * @param exponent of the norm
 */
public record Ria(double exponent) implements ScoringMethod {
  /** Below any sum of magnitudes but that of nothing: a row without weights gives 0, not NaN. */
  private static final float NOTHING = Float.MIN_NORMAL;

  public Ria {
    if (!(exponent >= 0) || Double.isInfinite(exponent)) {
      throw new IllegalArgumentException("exponent must be at least 0, was " + exponent);
    }
  }

  /** The root of the norm, as in the paper. */
  public Ria() {
    this(.5);
  }

  @Override
  public String name() {
    return "ria";
  }

  @Override
  public String description() {
    return """
        Scores a weight by its share of what its output takes in and of what its input gives out, \
        times the input's norm: s = (|w| / sum of |v| in its row + |w| / sum of |v| in its column) \
        * ||x||_2 ^ exponent, x = the input in all calibration rows.
        Of a convolution a column is an input channel at one kernel cell.
        Shares of different layers do not compare: write scope: layer or row. The paper also \
        permutes input channels before N:M, which is not done here.
        Why it should work: it spares rows and columns that magnitudes alone would empty, so no \
        channel is lost.
        Zhang et al., "Plug-and-Play: An Efficient Post-training Pruning Method for Large Language \
        Models", ICLR 2024.""";
  }

  @Override
  public Set<Statistic> needs() {
    return Set.of(Inputs.SQUARED_NORM);
  }

  @Override
  public NDArray scores(Weight weight, Statistics statistics) {
    NDArray size = weight.matrix().abs();
    NDArray ofRow = size.div(size.sum(new int[] {1}, true).maximum(NOTHING));
    NDArray ofColumn = size.div(size.sum(new int[] {0}, true).maximum(NOTHING));
    NDArray norms = statistics.total(Inputs.SQUARED_NORM).sqrt();
    return ofRow.add(ofColumn).mul(norms.pow(exponent));
  }
}

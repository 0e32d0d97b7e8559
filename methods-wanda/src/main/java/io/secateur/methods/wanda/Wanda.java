package io.secateur.methods.wanda;

import ai.djl.ndarray.NDArray;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistic.Inputs;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;
import java.util.Set;

/**
 * Weights times the norms of the inputs that they meet, |w| ‖x‖₂ (Sun et al., 2024).
 *
 * @param exponent of the norm; 0 leaves magnitudes alone
 */
public record Wanda(double exponent) implements ScoringMethod {
  public Wanda {
    if (!(exponent >= 0) || Double.isInfinite(exponent)) {
      throw new IllegalArgumentException("exponent must be at least 0, was " + exponent);
    }
  }

  /** The norm itself, as in the paper. */
  public Wanda() {
    this(1);
  }

  @Override
  public String name() {
    return "wanda";
  }

  @Override
  public String description() {
    return """
        Scores a weight by its magnitude times the norm of the input it meets: \
        s = |w| * ||x||_2 ^ exponent, x = that input in all calibration rows (examples, or positions \
        of texts and images). Convolutions see their windows as rows.
        Compared within a row of outputs in the paper: write scope: row, or {tile: 4} with amount: \
        0.5 for 2:4. Made to do without training behind it.
        With calibration: {order: sequential} or blocks a layer sees what pruned layers before it \
        make, as in the published code.
        Why it should work: a weight matters to its output as far as the input is felt; some inputs \
        of language models are far larger than the rest.
        Sun et al., "A Simple and Effective Pruning Approach for Large Language Models", ICLR 2024.\
        """;
  }

  @Override
  public Set<Statistic> needs() {
    return Set.of(Inputs.SQUARED_NORM);
  }

  @Override
  public boolean rowwise() {
    return true;
  }

  @Override
  public NDArray scores(Weight weight, Statistics statistics) {
    NDArray norms = statistics.total(Inputs.SQUARED_NORM).sqrt();
    return weight.matrix().abs().mul(exponent == 1 ? norms : norms.pow(exponent));
  }
}

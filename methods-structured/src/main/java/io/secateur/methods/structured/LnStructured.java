package io.secateur.methods.structured;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;

/**
 * A unit's norm of order n over all its weights, as torch.nn.utils.prune.ln_structured: the units
 * with the lowest go (Li et al., 2017).
 *
 * @param n 0 (how many are not 0), 1, 2, infinity (the largest magnitude) or its negative (the
 *     smallest)
 */
public record LnStructured(double n) implements ScoringMethod {
  public LnStructured {
    if (n != 0 && n != 1 && n != 2 && !Double.isInfinite(n)) {
      throw new IllegalArgumentException("n must be 0, 1, 2, inf or -inf, was " + n);
    }
    n += 0.0; // so that -0.0 equals 0.0
  }

  /** The usual norm, n = 2. */
  public LnStructured() {
    this(2);
  }

  @Override
  public String name() {
    return "ln-structured";
  }

  @Override
  public String description() {
    return """
        Scores a unit (a filter, a channel, a feature) by the norm of all its weights, of order n: \
        0 counts those that are not 0, 1 adds magnitudes up, 2 is the usual norm, inf and -inf take \
        the largest and the smallest magnitude. Goes with granularity output-units or slice.
        Why it should work: a filter with small weights gives small outputs, and changes little of \
        what follows when it goes.
        As torch.nn.utils.prune.ln_structured with coupled: false or slice. Li et al., "Pruning \
        Filters for Efficient ConvNets", ICLR 2017.""";
  }

  @Override
  public boolean rowwise() {
    return true;
  }

  @Override
  public boolean unitwise() {
    return true;
  }

  @Override
  public NDArray scores(Weight weight, Statistics statistics) {
    NDArray matrix = weight.matrix();
    int[] columns = {1};
    if (n == 0) {
      return matrix.neq(0).toType(DataType.FLOAT32, false).sum(columns, true);
    }
    if (n == 1) {
      return matrix.abs().sum(columns, true);
    }
    if (n == 2) {
      return matrix.square().sum(columns, true).sqrt();
    }
    return n > 0 ? matrix.abs().max(columns, true) : matrix.abs().min(columns, true);
  }
}

package io.secateur.methods.magnitude;

import ai.djl.ndarray.NDArray;
import io.secateur.spi.CellwiseMethod;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;

/** A weight's square, w²: the smallest go (Li et al., 2017, for filters with the L1 norm). */
public record L2() implements CellwiseMethod {
  @Override
  public String name() {
    return "l2";
  }

  @Override
  public String description() {
    return """
        Scores a weight by its square: s = w^2. Of a block or a slice the squares of the cells \
        are added up, so that units go in the order of their L2 norms.
        On single weights this is the order of l1; blocks and slices differ: one large weight \
        among small ones counts for more here.
        Why it should work: the squared change of a layer's output grows with the squares of the \
        weights that are removed.
        Li et al., "Pruning Filters for Efficient ConvNets", ICLR 2017.""";
  }

  @Override
  public NDArray scores(Weight weight, Statistics statistics) {
    return weight.matrix().square();
  }

  @Override
  public void score(float[] numbers, int length) {
    for (int i = 0; i < length; i++) {
      numbers[i] *= numbers[i];
    }
  }
}

package io.secateur.methods.magnitude;

import ai.djl.ndarray.NDArray;
import io.secateur.spi.CellwiseMethod;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;

/** A weight's magnitude, |w|: the smallest go first (Han et al., 2015). */
public record L1() implements CellwiseMethod {
  @Override
  public String name() {
    return "l1";
  }

  @Override
  public String description() {
    return """
        Scores a weight by its magnitude: s = |w|.
        Of a block or a slice the magnitudes of the cells are added up: its L1 norm.
        Why it should work: a small weight changes its output little, and training repairs the rest.
        Han et al., "Learning both Weights and Connections for Efficient Neural Networks", 2015.""";
  }

  @Override
  public NDArray scores(Weight weight, Statistics statistics) {
    return weight.matrix().abs();
  }

  @Override
  public void score(float[] numbers, int length) {
    for (int i = 0; i < length; i++) {
      numbers[i] = Math.abs(numbers[i]);
    }
  }
}

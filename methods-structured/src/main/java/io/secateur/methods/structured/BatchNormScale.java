package io.secateur.methods.structured;

import ai.djl.ndarray.NDArray;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;
import java.util.Set;

/**
 * The magnitude of the scale that the batch norm behind a unit multiplies it by (Liu et al., 2017).
 */
public record BatchNormScale() implements ScoringMethod {
  private static final String SCALE = "gamma";

  @Override
  public String name() {
    return "batch-norm-scale";
  }

  @Override
  public String description() {
    return """
        Scores a unit by |gamma|, the scale of the batch norm behind it (network slimming). Where \
        several belong to a unit (a residual sum, or norms one behind the other), by the mean of \
        theirs, so that units with many compare with units with one. Weights whose units have no \
        scale are refused: exclude them. Goes with granularity output-units or input-units.
        Why it should work: what leaves a normalisation has the spread |gamma|, so a unit with a \
        small one says little. The paper trains with an L1 penalty on gamma first, which makes \
        many small; without it, scales tell less.
        Liu et al., "Learning Efficient Convolutional Networks through Network Slimming", ICCV \
        2017.""";
  }

  @Override
  public boolean unitwise() {
    return true;
  }

  @Override
  public Set<String> companions() {
    return Set.of(SCALE);
  }

  @Override
  public NDArray scores(Weight weight, Statistics statistics) {
    NDArray scale = weight.companions().get(SCALE);
    if (scale == null) {
      throw new IllegalArgumentException(
          "batch-norm-scale needs a gamma of every unit, and those of %s have none; exclude it"
              .formatted(weight.name()));
    }
    long units = weight.matrix().getShape().get(0);
    return scale.abs().reshape(units, -1).mean(new int[] {1}, true);
  }
}

package io.secateur.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.Optional;

/**
 * The mean of each feature over the positions: (positions, features) to (features). Positions that
 * hold padding are left out; an example of nothing else gives zeros.
 */
public record MeanOverPositions(String name) implements Layer.Functional {
  public MeanOverPositions {
    Settings.named(name);
  }

  @Override
  public Shape output(Shape input) {
    Settings.sequence(name, "mean-over-positions", input);
    return new Shape(input.get(1));
  }

  @Override
  public NDArray apply(NDArray input, boolean training) {
    return input.mean(new int[] {1});
  }

  @Override
  public NDArray apply(NDArray input, Optional<NDArray> present, boolean training) {
    if (present.isEmpty()) {
      return apply(input, training);
    }
    NDArray weights = present.get();
    return Between.closing(
        () -> {
          NDArray count = weights.sum(new int[] {1}, true).maximum(1);
          // (1, positions) · (positions, features)
          return weights.div(count).expandDims(1).matMul(input).squeeze(1);
        });
  }

  @Override
  public boolean keepsZero() {
    return true;
  }
}

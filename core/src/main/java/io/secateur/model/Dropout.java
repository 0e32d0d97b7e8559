package io.secateur.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/**
 * While training, each number becomes 0 with a probability, drawn from the engine's generator, and
 * the others grow by 1 / (1 − probability); otherwise the input itself.
 */
public record Dropout(String name, double probability) implements Layer.Functional {
  public Dropout {
    Settings.named(name);
    if (!(probability >= 0 && probability < 1)) {
      throw new IllegalArgumentException(
          "layer %s: probability must be at least 0 and below 1, was %s"
              .formatted(name, probability));
    }
  }

  @Override
  public Shape output(Shape input) {
    return input;
  }

  @Override
  public NDArray apply(NDArray input, boolean training) {
    return training
        ? ai.djl.nn.norm.Dropout.dropout(input, (float) probability, true).singletonOrThrow()
        : input;
  }

  @Override
  public boolean keepsZero() {
    return true;
  }
}

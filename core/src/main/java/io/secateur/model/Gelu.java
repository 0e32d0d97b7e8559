package io.secateur.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;

/** Gaussian error linear unit: x · Φ(x). */
public record Gelu(String name) implements Layer.Functional {
  public Gelu {
    Settings.named(name);
  }

  @Override
  public Shape output(Shape input) {
    return input;
  }

  @Override
  public NDArray apply(NDArray input, boolean training) {
    return Activation.gelu(input);
  }

  @Override
  public boolean keepsZero() {
    return true;
  }
}

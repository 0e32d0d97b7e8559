package io.secateur.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;

/** Sigmoid linear unit: x / (1 + e⁻ˣ). */
public record Silu(String name) implements Layer.Functional {
  public Silu {
    Settings.named(name);
  }

  @Override
  public Shape output(Shape input) {
    return input;
  }

  @Override
  public NDArray apply(NDArray input, boolean training) {
    return Activation.swish(input, 1);
  }

  @Override
  public boolean keepsZero() {
    return true;
  }
}

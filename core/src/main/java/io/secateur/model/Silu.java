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
    // Not the engine's swish: it multiplies by a number whose memory gradients may find freed.
    try (NDArray gate = Activation.sigmoid(input)) {
      return input.mul(gate);
    }
  }

  @Override
  public boolean keepsZero() {
    return true;
  }
}

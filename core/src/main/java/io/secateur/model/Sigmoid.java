package io.secateur.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;

/** Numbers between 0 and 1: 1 / (1 + e⁻ˣ). */
public record Sigmoid(String name) implements Layer.Functional {
  public Sigmoid {
    Settings.named(name);
  }

  @Override
  public Shape output(Shape input) {
    return input;
  }

  @Override
  public NDArray apply(NDArray input, boolean training) {
    return Activation.sigmoid(input);
  }
}

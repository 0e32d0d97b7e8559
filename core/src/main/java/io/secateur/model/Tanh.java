package io.secateur.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;

/** Numbers between −1 and 1. */
public record Tanh(String name) implements Layer.Functional {
  public Tanh {
    Settings.named(name);
  }

  @Override
  public Shape output(Shape input) {
    return input;
  }

  @Override
  public NDArray apply(NDArray input, boolean training) {
    return Activation.tanh(input);
  }

  @Override
  public boolean keepsZero() {
    return true;
  }
}

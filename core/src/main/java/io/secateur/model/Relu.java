package io.secateur.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;

/** Negative numbers become 0. */
public record Relu(String name) implements Layer.Functional {
  public Relu {
    Settings.named(name);
  }

  @Override
  public Shape output(Shape input) {
    return input;
  }

  @Override
  public NDArray apply(NDArray input, boolean training) {
    return Activation.relu(input);
  }

  @Override
  public boolean keepsZero() {
    return true;
  }
}

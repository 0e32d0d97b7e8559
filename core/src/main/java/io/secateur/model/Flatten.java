package io.secateur.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/** All numbers of an example in one row, in their order. */
public record Flatten(String name) implements Layer.Functional {
  public Flatten {
    Settings.named(name);
  }

  @Override
  public Shape output(Shape input) {
    return new Shape(input.size());
  }

  @Override
  public Spread spread() {
    return Spread.UNROLLED;
  }

  @Override
  public NDArray apply(NDArray input, boolean training) {
    return input.reshape(input.getShape().get(0), -1);
  }

  @Override
  public boolean keepsZero() {
    return true;
  }
}

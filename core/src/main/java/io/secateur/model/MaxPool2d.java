package io.secateur.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.pooling.Pool;

/** The largest number of each square window of a channel; windows that stick out are left out. */
public record MaxPool2d(String name, int size, int stride) implements Layer.Functional {
  public MaxPool2d {
    Settings.named(name);
    Settings.atLeast(name, "size", size, 1);
    Settings.atLeast(name, "stride", stride, 1);
  }

  @Override
  public Shape output(Shape input) {
    Settings.image(name, "max-pool2d", input);
    return new Shape(
        input.get(0),
        Settings.positions(name, "max-pool2d", input, 1, size, stride, 0),
        Settings.positions(name, "max-pool2d", input, 2, size, stride, 0));
  }

  @Override
  public NDArray apply(NDArray input, boolean training) {
    return Pool.maxPool2d(
        input, new Shape(size, size), new Shape(stride, stride), new Shape(0, 0), false);
  }

  @Override
  public boolean keepsZero() {
    return true;
  }
}

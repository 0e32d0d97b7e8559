package io.secateur.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/** The mean of each channel: (channels, height, width) to (channels). */
public record GlobalAvgPool2d(String name) implements Layer.Functional {
  public GlobalAvgPool2d {
    Settings.named(name);
  }

  @Override
  public Shape output(Shape input) {
    Settings.image(name, "global-avg-pool2d", input);
    return new Shape(input.get(0));
  }

  @Override
  public NDArray apply(NDArray input, boolean training) {
    Shape shape = input.getShape();
    // The engine takes the mean of one axis at a time.
    try (NDArray channels = input.reshape(shape.get(0), shape.get(1), -1)) {
      return channels.mean(new int[] {2});
    }
  }

  @Override
  public boolean keepsZero() {
    return true;
  }
}

package io.secateur.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/** Logarithms of probabilities, over the last axis: what a loss named nll takes. */
public record LogSoftmax(String name) implements Layer.Functional {
  public LogSoftmax {
    Settings.named(name);
  }

  @Override
  public Shape output(Shape input) {
    return input;
  }

  @Override
  public NDArray apply(NDArray input, boolean training) {
    return input.logSoftmax(input.getShape().dimension() - 1);
  }

  @Override
  public Spread spread() {
    return Spread.MIXED;
  }
}

package io.secateur.spi;

import ai.djl.ndarray.types.Shape;

/** What the examples ask of a model. */
public sealed interface Task {
  /**
   * Returns the shape of one example's input, without the batch: channels, height, width for
   * images.
   */
  Shape input();

  /** Returns how many numbers the model gives for one example (per position, for tokens). */
  int outputs();

  /** One label of {@code classes}; targets are int64 class numbers, the loss is cross-entropy. */
  record Classification(Shape input, int classes) implements Task {
    @Override
    public int outputs() {
      return classes;
    }
  }

  /** Real numbers; targets are float32 of shape (batch, outputs), the loss is squared error. */
  record Regression(Shape input, int outputs) implements Task {}

  /** The next token at every position; the loss is cross-entropy per token. */
  record TokenPrediction(Shape input, int vocabulary) implements Task {
    @Override
    public int outputs() {
      return vocabulary;
    }
  }
}

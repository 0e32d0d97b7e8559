package io.secateur.spi;

import ai.djl.ndarray.types.Shape;

/** What the examples ask of a model. */
public sealed interface Task {
  /**
   * Returns the shape of one example's input, without the batch: channels, height, width for
   * images, positions for texts.
   */
  Shape input();

  /** Returns how many numbers the model gives for one example (per position, for tokens). */
  int outputs();

  /**
   * Returns how many different ids of words or tokens an input may hold, from 0; 0 when inputs are
   * numbers.
   */
  default int vocabulary() {
    return 0;
  }

  /**
   * One label of {@code classes}; targets are int64 class numbers, the loss is cross-entropy.
   *
   * @param input (positions) for texts
   * @param vocabulary for texts: inputs are int64 ids below it; 0 when inputs are numbers
   */
  record Classification(Shape input, int classes, int vocabulary) implements Task {
    /** Tells examples of numbers apart, such as images. */
    public Classification(Shape input, int classes) {
      this(input, classes, 0);
    }

    @Override
    public int outputs() {
      return classes;
    }

    /** Steps are known by it: of inputs that are numbers it does not speak of a vocabulary. */
    @Override
    public String toString() {
      return vocabulary == 0
          ? "Classification[input=%s, classes=%d]".formatted(input, classes)
          : "Classification[input=%s, classes=%d, vocabulary=%d]"
              .formatted(input, classes, vocabulary);
    }
  }

  /** Real numbers; targets are float32 of shape (batch, outputs), the loss is squared error. */
  record Regression(Shape input, int outputs) implements Task {}

  /**
   * The next token at every position; the loss is cross-entropy per token. Inputs are int64 ids
   * (batch, positions), -1 behind the end of a text; targets the ids that come next in the same
   * shape, below 0 where none does.
   */
  record TokenPrediction(Shape input, int vocabulary) implements Task {
    @Override
    public int outputs() {
      return vocabulary;
    }
  }
}

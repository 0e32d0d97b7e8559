package io.secateur.builtin;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;

/** Walks over the rows of a batch of predictions that have a target. */
final class Targets {
  private Targets() {}

  /** Sees a row of predictions. */
  interface Seen {
    /** Sees the numbers from {@code first} on, {@code outputs} of them, and the class asked for. */
    void row(float[] predictions, int first, int outputs, int label);
  }

  /**
   * Shows all rows in order, those of tokens position by position; a target below 0 asks for
   * nothing.
   *
   * @return how many were shown
   */
  static long each(NDArray predictions, NDArray targets, Seen seen) {
    Shape shape = predictions.getShape();
    int outputs = Math.toIntExact(shape.get(shape.dimension() - 1));
    float[] numbers = predictions.toFloatArray();
    long[] labels = targets.toLongArray();
    long shown = 0;
    for (int row = 0; row < labels.length; row++) {
      if (labels[row] >= 0) {
        seen.row(numbers, row * outputs, outputs, Math.toIntExact(labels[row]));
        shown++;
      }
    }
    return shown;
  }
}

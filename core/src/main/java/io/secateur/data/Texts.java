package io.secateur.data;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.spi.Examples;

/**
 * Texts with a label each, resident as ids of words. Inputs are int64 (batch, length), with padding
 * where a text has ended; targets int64 (batch).
 */
final class Texts implements Examples {
  private final int length;
  private final int[][] ids;
  private final int[] labels;

  /**
   * Holds the arrays it is given.
   *
   * @param length positions, at least as many as the longest text has
   */
  Texts(int length, int[][] ids, int[] labels) {
    this.length = length;
    this.ids = ids;
    this.labels = labels;
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public Batch batch(int[] indices, NDManager manager) {
    // Padding is 0, as these are.
    long[] inputs = new long[indices.length * length];
    long[] targets = new long[indices.length];
    for (int i = 0; i < indices.length; i++) {
      int[] text = ids[indices[i]];
      for (int k = 0; k < text.length; k++) {
        inputs[i * length + k] = text[k];
      }
      targets[i] = labels[indices[i]];
    }
    return new Batch(
        manager.create(inputs, new Shape(indices.length, length)), manager.create(targets));
  }
}

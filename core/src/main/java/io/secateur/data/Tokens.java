package io.secateur.data;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.spi.Examples;
import java.util.Arrays;

/**
 * Pieces of texts, resident as ids of tokens. Inputs are int64 (batch, length), -1 behind the end
 * of a piece; targets, in the same shape, the ids that come next, -1 where none does.
 */
final class Tokens implements Examples {
  private final int length;
  private final int[][] pieces;

  /**
   * Holds the arrays it is given.
   *
   * @param length positions, at least as many as the longest piece has
   */
  Tokens(int length, int[][] pieces) {
    this.length = length;
    this.pieces = pieces;
  }

  @Override
  public int size() {
    return pieces.length;
  }

  @Override
  public Batch batch(int[] indices, NDManager manager) {
    long[] inputs = new long[indices.length * length];
    long[] targets = new long[inputs.length];
    Arrays.fill(inputs, -1);
    Arrays.fill(targets, -1);
    for (int i = 0; i < indices.length; i++) {
      int[] piece = pieces[indices[i]];
      for (int k = 0; k < piece.length; k++) {
        inputs[i * length + k] = piece[k];
        if (k > 0) {
          targets[i * length + k - 1] = piece[k];
        }
      }
    }
    Shape shape = new Shape(indices.length, length);
    return new Batch(manager.create(inputs, shape), manager.create(targets, shape));
  }
}

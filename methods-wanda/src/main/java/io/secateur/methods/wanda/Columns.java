package io.secateur.methods.wanda;

/** A block of a weight's columns while SparseGPT goes through it, row by row in memory. */
final class Columns {
  private final double[] weights;
  private final double[] factor;
  private final double[] errors;
  private final int width;
  private final int rows;

  /**
   * A block.
   *
   * @param weights row-major, changed in place
   * @param factor the block's own part of U, row-major
   */
  Columns(double[] weights, double[] factor, int width) {
    this.weights = weights;
    this.factor = factor;
    this.width = width;
    this.rows = weights.length / width;
    this.errors = new double[weights.length];
  }

  /** Returns what pruning each cell of some columns would cost, up to a factor. */
  float[] scores(int first, int end) {
    float[] scores = new float[rows * (end - first)];
    int at = 0;
    for (int row = 0; row < rows; row++) {
      for (int column = first; column < end; column++) {
        double scaled = weights[row * width + column] / factor[column * width + column];
        scores[at++] = (float) (scaled * scaled);
      }
    }
    return scores;
  }

  /** Sets cells to 0 that are not kept, and repairs the columns behind them. */
  void prune(int first, int end, boolean[] keep) {
    for (int row = 0; row < rows; row++) {
      int start = row * width;
      for (int column = first; column < end; column++) {
        if (!keep[row * (end - first) + column - first]) {
          int own = column * width;
          double error = weights[start + column] / factor[own + column];
          errors[start + column] = error;
          weights[start + column] = 0;
          for (int behind = column + 1; behind < width; behind++) {
            weights[start + behind] -= error * factor[own + behind];
          }
        }
      }
    }
  }

  double[] weights() {
    return weights;
  }

  /** Returns how far each cell was moved, over the factor's diagonal; 0 where it was kept. */
  double[] errors() {
    return errors;
  }
}

package io.secateur.quantization;

import ai.djl.ndarray.NDArray;
import io.secateur.model.Affine;

/**
 * The numbers that a tensor takes: from the least to the most, and when those are known, how many
 * lie in each of equally wide bins between.
 */
final class Span {
  /** So many that a bin is 1/64 of a step of 8 bits over all numbers. */
  static final int BINS = 1 << 14;

  private final String tensor;
  private double least = Double.POSITIVE_INFINITY;
  private double most = Double.NEGATIVE_INFINITY;
  private long[] bins = {};
  private long counted;

  /**
   * A span of nothing yet.
   *
   * @param tensor for messages
   */
  Span(String tensor) {
    this.tensor = tensor;
  }

  /** Widens the span to a batch's numbers. */
  void widen(double low, double high) {
    if (!Double.isFinite(low) || !Double.isFinite(high)) {
      throw new IllegalArgumentException(
          "%s takes the value %s on calibration examples; only finite numbers can be quantized"
              .formatted(tensor, Double.isFinite(low) ? high : low));
    }
    least = Math.min(least, low);
    most = Math.max(most, high);
  }

  /** Counts a batch's numbers, once the span is known; those beside it count at its ends. */
  void count(NDArray numbers, boolean positive) {
    if (bins.length == 0) {
      bins = new long[BINS];
    }
    double width = (most - least) / BINS;
    for (float number : numbers.toFloatArray()) {
      double seen = positive ? Math.max(0, number) : number;
      int bin = width > 0 ? (int) ((seen - least) / width) : 0;
      bins[Math.max(0, Math.min(BINS - 1, bin))]++;
      counted++;
    }
  }

  /** Returns the least number. */
  double least() {
    return least;
  }

  /** Returns the largest number. */
  double most() {
    return most;
  }

  /** Returns the integers for all numbers. */
  Affine all() {
    return Affine.over(least, most);
  }

  /**
   * Returns the integers for all but the rarest numbers, to the outer edges of the bins that the
   * last of them lie in.
   *
   * @param percentile of the numbers that lie within, half of the others at each end
   */
  Affine within(double percentile) {
    // Integers: a share of a count would decide by its rounding.
    long beside = (long) Math.floor(counted * (1 - percentile / 100) / 2);
    double width = (most - least) / BINS;
    int low = 0;
    for (long left = beside; low < BINS && left >= bins[low]; low++) {
      left -= bins[low];
    }
    int high = BINS - 1;
    for (long left = beside; high > low && left >= bins[high]; high--) {
      left -= bins[high];
    }
    return Affine.over(least + low * width, least + (high + 1) * width);
  }
}

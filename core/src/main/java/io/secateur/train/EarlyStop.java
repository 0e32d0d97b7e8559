package io.secateur.train;

import io.secateur.builtin.Loss;
import io.secateur.spi.Metric;
import io.secateur.spi.Split;

/**
 * When a training ends early: once a metric has not improved for some epochs. Where weights are
 * pruned meanwhile, only epochs that end after the last of that count.
 *
 * @param metric a metric of predictions, its first quantity
 * @param on the part of the data set that it is measured on
 * @param patience epochs without an improvement after which training ends
 * @param least the smallest improvement that counts, in the metric's unit
 */
public record EarlyStop(Metric metric, Split on, int patience, double least) {
  /** The task's loss on the validation part, for ten epochs. */
  public EarlyStop() {
    this(new Loss(), Split.VALIDATION, 10, 0);
  }

  public EarlyStop {
    if (patience < 1) {
      throw new IllegalArgumentException("patience must be at least 1 epoch, was " + patience);
    }
    if (!(least >= 0 && least < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException(
          "the least improvement must be at least 0 and finite, was " + least);
    }
  }
}

package io.secateur.spi;

import ai.djl.ndarray.NDArray;

/** What calibration gathered for one weight. */
public interface Statistics {
  /**
   * Returns the total over all batches.
   *
   * @throws IllegalArgumentException when the method's {@link PruningMethod#needs} leave it out
   */
  NDArray total(Statistic statistic);

  /** Returns the number of rows observed, or of batches for gradients. */
  long count(Statistic statistic);
}

package io.secateur.spi;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;

/** One split of a data set, decoded and resident. Order and augmentation are the framework's. */
public interface Examples {
  /** Returns how many examples there are. */
  int size();

  /**
   * Returns the named examples in that order.
   *
   * @param manager owns the arrays returned
   */
  Batch batch(int[] indices, NDManager manager);

  /**
   * Returns the named examples as training shows them: changed at random where the data set's
   * settings ask for that (flipped, cropped), else as they are. Equal seeds give equal batches.
   */
  default Batch augmented(int[] indices, long seed, NDManager manager) {
    return batch(indices, manager);
  }

  /**
   * Inputs and targets with the batch as first dimension: float32 inputs (int64 ids for texts,
   * padding where a text has ended), targets as the {@link Task} says.
   */
  record Batch(NDArray inputs, NDArray targets) {}
}

package io.secateur.spi;

import ai.djl.ndarray.NDArray;

/** A method that repairs the kept weights for what was pruned. Works weight by weight. */
public non-sealed interface ReconstructingMethod extends PruningMethod {
  /**
   * Prunes one weight.
   *
   * @return the new matrix, zero wherever {@code selector} did not keep
   */
  NDArray reconstruct(Weight weight, Statistics statistics, Selector selector);

  /** Applies the study's pattern to some columns; the method never sees the pattern itself. */
  interface Selector {
    /**
     * Decides the columns from {@code firstColumn} on; each column is decided once, in order.
     *
     * @param scores rows × decided columns, the highest are kept
     * @return boolean array of the same shape, true where a cell is kept
     */
    NDArray keep(NDArray scores, long firstColumn);

    /** Returns how many columns are decided together: M for N:M, else the whole block asked for. */
    int width();
  }
}

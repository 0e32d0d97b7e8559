package io.secateur.spi;

/**
 * A method whose score of a cell follows from the cell's own number alone, as magnitude does. Where
 * single cells are pruned it is asked for scores in Java, without the engine, whenever selection
 * reads them; blocks and slices are still scored by {@link #scores}.
 */
public interface CellwiseMethod extends ScoringMethod {
  /**
   * Replaces numbers by their scores, bit for bit those that {@link #scores} gives. It is called in
   * any order, again for the same numbers, and from several threads at once, so it keeps nothing.
   *
   * @param length how many numbers, from the start of the array; what is behind them stays as it is
   */
  void score(float[] numbers, int length);

  /** Returns true: a cell's row does not matter either. */
  @Override
  default boolean rowwise() {
    return true;
  }
}

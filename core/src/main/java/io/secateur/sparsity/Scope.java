package io.secateur.sparsity;

/** Who competes: a partition of units into budgets. */
public sealed interface Scope {

  /** One budget for all weights of the model. */
  record Global() implements Scope {}

  /** A budget per weight. */
  record Layer() implements Scope {}

  /** A budget per output unit, as Wanda compares. */
  record Row() implements Scope {}

  /**
   * A budget per {@code width} cells that meet consecutive input units at one kernel position: N:M
   * sparsity is a fraction of every tile of M. For single weights only; a last tile may be shorter.
   */
  record Tile(int width) implements Scope {
    public Tile {
      if (width < 2) {
        throw new IllegalArgumentException("a tile's width must be at least 2, was " + width);
      }
    }
  }
}

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
   * sparsity is a fraction 1 - N/M of every tile of M, which keeps N. For single weights only.
   *
   * <p>Tiles begin at the first input. Where M does not divide the inputs, the last tile holds the
   * r that are left, and loses {@code rint((1 - N/M) r)} of them: so no tile keeps more than N.
   */
  record Tile(int width) implements Scope {
    public Tile {
      if (width < 2) {
        throw new IllegalArgumentException("a tile's width must be at least 2, was " + width);
      }
    }
  }
}

package io.secateur.model;

/**
 * Whose the cells of a parameter are: a cell belongs to the unit of its row and to that of its
 * input, and goes when either does. Units are numbered over all spaces.
 */
public final class Owners {
  private final int[] rows;
  private final int[] inputs;
  private final boolean table;

  /** Takes the arrays over. */
  Owners(int[] rows, int[] inputs) {
    this(rows, inputs, false);
  }

  Owners(int[] rows, int[] inputs, boolean table) {
    this.rows = rows;
    this.inputs = inputs;
    this.table = table;
  }

  /**
   * Returns whether it is a table whose columns make units: each column is of the unit of its
   * input, and the rows, looked up by number, count as the network's input.
   */
  public boolean table() {
    return table;
  }

  /** Returns how many rows there are: entries, for a vector. */
  public int rows() {
    return rows.length;
  }

  /** Returns the unit of a row. */
  public int row(int row) {
    return rows[row];
  }

  /**
   * Returns how many inputs have units: those of one group; none for a vector, and for a
   * convolution with filters for each channel alone, whose cells are their channel's.
   */
  public int inputs() {
    return inputs.length;
  }

  /** Returns the unit of an input, the same one in every group. */
  public int input(int input) {
    return inputs[input];
  }
}

package io.secateur.prune;

import io.secateur.sparsity.Form;
import io.secateur.sparsity.Mask;

/** Cells of a mask that belong together. */
final class Cells {
  private Cells() {}

  /** Returns whether a cell is kept of those where a row meets an input. */
  static boolean any(Mask mask, int row, int input) {
    Form form = mask.form();
    long first = row * form.columns() + input * form.kernel();
    for (long cell = first; cell < first + form.kernel(); cell++) {
      if (mask.keeps(cell)) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether a cell of a row is kept. */
  static boolean anyOfRow(Mask mask, int row) {
    for (int input = 0; input < mask.form().inputs(); input++) {
      if (any(mask, row, input)) {
        return true;
      }
    }
    return false;
  }

  /** Returns whether a cell is kept where any row meets an input. */
  static boolean anyOfInput(Mask mask, int input) {
    for (int row = 0; row < mask.form().rows(); row++) {
      if (any(mask, row, input)) {
        return true;
      }
    }
    return false;
  }
}

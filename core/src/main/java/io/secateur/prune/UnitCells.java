package io.secateur.prune;

import io.secateur.model.Coupling;
import io.secateur.model.Owners;
import io.secateur.model.ParameterSpec;
import io.secateur.model.UnitSpace;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Mask;
import java.util.ArrayList;
import java.util.List;

/**
 * The cells of a parameter that each unit of a space owns: those of its rows, or those that meet it
 * as an input, whose order is then that of a slice along inputs.
 */
final class UnitCells {
  private final Form form;
  private final List<List<Integer>> indices = new ArrayList<>();
  private final boolean byInput;

  private UnitCells(UnitSpace space, ParameterSpec spec, Owners owners, boolean byInput) {
    this.form = spec.form();
    this.byInput = byInput;
    for (int unit = 0; unit < space.size(); unit++) {
      indices.add(new ArrayList<>());
    }
    int size = byInput ? owners.inputs() : owners.rows();
    for (int i = 0; i < size; i++) {
      int unit = byInput ? owners.input(i) : owners.row(i);
      if (space.holds(unit)) {
        indices.get(unit - space.first()).add(i);
      }
    }
  }

  /** Returns what makes a unit: rows of a weight, columns of a table. */
  static UnitCells making(Coupling coupling, UnitSpace space, ParameterSpec spec) {
    Owners owners = coupling.owners(spec.name()).orElseThrow();
    return new UnitCells(space, spec, owners, owners.table());
  }

  static UnitCells rows(Coupling coupling, UnitSpace space, ParameterSpec spec) {
    return new UnitCells(space, spec, coupling.owners(spec.name()).orElseThrow(), false);
  }

  static UnitCells inputs(Coupling coupling, UnitSpace space, ParameterSpec spec) {
    return new UnitCells(space, spec, coupling.owners(spec.name()).orElseThrow(), true);
  }

  /** Returns the rows, or inputs, that a unit owns. */
  List<Integer> of(int unit) {
    return indices.get(unit);
  }

  /** Returns whether each unit owns as many cells as the others do. */
  boolean even() {
    return indices.stream().mapToInt(List::size).distinct().count() == 1;
  }

  /** Returns how many cells the first unit owns. */
  long perUnit() {
    return indices.get(0).size() * (byInput ? form.rows() * form.kernel() : form.columns());
  }

  /** Cells that follow one another. */
  interface Run {
    void at(long first, int length);
  }

  /** Gives the cells of a unit in the order in which they stand in the unit's row of a matrix. */
  void each(int unit, Run run) {
    for (int index : indices.get(unit)) {
      if (byInput) {
        for (long row = 0; row < form.rows(); row++) {
          run.at(row * form.columns() + index * form.kernel(), (int) form.kernel());
        }
      } else {
        run.at(index * form.columns(), (int) form.columns());
      }
    }
  }

  /** Returns whether a mask keeps any cell of a unit. */
  boolean any(int unit, Mask mask) {
    boolean[] any = new boolean[1];
    each(
        unit,
        (first, length) -> {
          for (long cell = first; cell < first + length && !any[0]; cell++) {
            any[0] = mask.keeps(cell);
          }
        });
    return any[0];
  }
}

package io.secateur.conformance;

import io.secateur.sparsity.Form;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Granularity.Axis;
import io.secateur.sparsity.Mask;
import io.secateur.sparsity.Pattern;
import io.secateur.sparsity.Scope;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Counts the units of masks budget by budget, cell by cell and so as slowly as plainly: what the
 * framework's selection is compared with.
 */
final class Units {
  private final Pattern pattern;

  /** Cells and pruned cells of a unit, units and pruned units of a budget. */
  private record Tally(long all, long pruned) {
    Tally plus(boolean lost) {
      return new Tally(all + 1, pruned + (lost ? 1 : 0));
    }
  }

  Units(Pattern pattern) {
    this.pattern = pattern;
  }

  /** Returns what is wrong with masks of which every budget is to have lost a fraction. */
  Optional<String> fault(Map<String, Mask> masks, double fraction) {
    Map<String, Tally> budgets = new TreeMap<>();
    for (Map.Entry<String, Mask> each : masks.entrySet()) {
      Mask mask = each.getValue();
      Form form = mask.form();
      Map<String, Tally> units = new TreeMap<>();
      Map<String, String> budgetOf = new TreeMap<>();
      for (long cell = 0; cell < form.size(); cell++) {
        String unit = unit(form, cell);
        units.put(unit, units.getOrDefault(unit, new Tally(0, 0)).plus(!mask.keeps(cell)));
        budgetOf.put(unit, budget(each.getKey(), form, cell));
      }
      for (Map.Entry<String, Tally> unit : units.entrySet()) {
        Tally tally = unit.getValue();
        if (tally.pruned != 0 && tally.pruned != tally.all) {
          return Optional.of(
              "unit %s of %s lost %d of its %d cells"
                  .formatted(unit.getKey(), each.getKey(), tally.pruned, tally.all));
        }
        budgets.merge(
            budgetOf.getOrDefault(unit.getKey(), ""),
            new Tally(1, tally.pruned == 0 ? 0 : 1),
            (a, b) -> new Tally(a.all + b.all, a.pruned + b.pruned));
      }
    }
    for (Map.Entry<String, Tally> budget : budgets.entrySet()) {
      Tally tally = budget.getValue();
      long asked = (long) Math.rint(fraction * tally.all);
      if (tally.pruned != asked) {
        return Optional.of(
            "%s lost %d of %d units, %d were asked for"
                .formatted(budget.getKey(), tally.pruned, tally.all, asked));
      }
    }
    return Optional.empty();
  }

  private String unit(Form form, long cell) {
    long row = cell / form.columns();
    long column = cell % form.columns();
    if (pattern.granularity() instanceof Granularity.Block block) {
      return row / block.height() + "," + column / block.width();
    }
    Optional<Axis> axis = pattern.granularity().sliced();
    if (axis.isEmpty()) {
      return Long.toString(cell);
    }
    long index =
        switch (axis.get()) {
          case OUTPUT -> row;
          case INPUT -> column / form.kernel();
          case KERNEL_ROW -> column % form.kernel() / form.kernelWidth();
          case KERNEL_COLUMN -> column % form.kernelWidth();
        };
    return Long.toString(index);
  }

  private String budget(String name, Form form, long cell) {
    long row = cell / form.columns();
    long column = cell % form.columns();
    Scope scope = pattern.scope();
    if (scope instanceof Scope.Global) {
      return "the model";
    }
    if (scope instanceof Scope.Row) {
      long height = pattern.granularity() instanceof Granularity.Block block ? block.height() : 1;
      return name + ", row " + row / height;
    }
    if (scope instanceof Scope.Tile tile) {
      return "%s, row %d, kernel cell %d, tile %d"
          .formatted(name, row, column % form.kernel(), column / form.kernel() / tile.width());
    }
    return name;
  }
}

package io.secateur.prune;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.ParameterSpec;
import io.secateur.prune.Pruned.Count;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Granularity.Axis;
import io.secateur.sparsity.Mask;
import io.secateur.sparsity.Pattern;
import io.secateur.sparsity.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Reckons units from shapes: how many there are, and which fraction of them was asked for. */
final class Counts {
  private Counts() {}

  /** Returns how many units a weight divides into. */
  static long units(Granularity granularity, Form form) {
    if (granularity instanceof Granularity.Block block) {
      return ceil(form.rows(), block.height()) * ceil(form.columns(), block.width());
    }
    return granularity.sliced().map(axis -> along(axis, form)).orElse(form.size());
  }

  private static long along(Axis axis, Form form) {
    return switch (axis) {
      case OUTPUT -> form.rows();
      case INPUT -> form.inputs();
      case KERNEL_ROW -> form.kernelHeight();
      case KERNEL_COLUMN -> form.kernelWidth();
    };
  }

  /** Returns the units of a weight's smallest budget. */
  private static long perBudget(Pattern pattern, Form form) {
    if (pattern.scope() instanceof Scope.Row) {
      return units(pattern.granularity(), Form.matrix(1, form.columns()));
    }
    if (pattern.scope() instanceof Scope.Tile tile) {
      long last = form.inputs() % tile.width();
      return last == 0 ? tile.width() : last;
    }
    return units(pattern.granularity(), form);
  }

  /** Returns a line for every count above the units that shapes provide. */
  static List<String> faults(
      Architecture architecture, Pattern pattern, Map<String, Amount> amounts) {
    List<String> faults = new ArrayList<>();
    boolean global = pattern.scope() instanceof Scope.Global;
    long all = 0;
    for (ParameterSpec spec : architecture.parameters()) {
      Amount amount = amounts.get(spec.name());
      if (amount == null) {
        continue;
      }
      all += units(pattern.granularity(), spec.form());
      long units = perBudget(pattern, spec.form());
      if (!global && amount instanceof Amount.Count count && count.units() > units) {
        faults.add(
            "a count of %,d units was asked of %s, which has %,d%s"
                .formatted(count.units(), spec.name(), units, budget(pattern.scope())));
      }
    }
    if (global && !amounts.isEmpty()) {
      if (amounts.values().iterator().next() instanceof Amount.Count count && count.units() > all) {
        faults.add(
            "a count of %,d units was asked of all weights, which have %,d together"
                .formatted(count.units(), all));
      }
    }
    return faults;
  }

  private static String budget(Scope scope) {
    if (scope instanceof Scope.Row) {
      return " in a row";
    }
    return scope instanceof Scope.Tile ? " in its last tile of a row" : "";
  }

  /**
   * Returns the fraction of a weight's units asked for in the end, what was pruned before included.
   */
  static OptionalDouble requested(Pattern pattern, Amount amount, Mask before) {
    long units = units(pattern.granularity(), before.form());
    return requested(amount, before.sparsity(), units, budgets(pattern, before.form()));
  }

  /**
   * Returns the fraction of all units asked for in the end.
   *
   * @param before the fraction pruned already
   * @param budgets how many budgets an amount is asked of
   */
  static OptionalDouble requested(Amount amount, double before, long units, long budgets) {
    if (amount instanceof Amount.OfAll all) {
      return OptionalDouble.of(all.fraction());
    }
    if (amount instanceof Amount.OfRemaining remaining) {
      return OptionalDouble.of(before + (1 - before) * remaining.fraction());
    }
    return amount instanceof Amount.Count count
        ? OptionalDouble.of(before + (double) count.units() * budgets / units)
        : OptionalDouble.empty();
  }

  /** Returns the fraction asked in the end of all weights that took part together. */
  static OptionalDouble requested(
      Checkpoint before, Pattern pattern, Map<String, Amount> amounts, List<Count> counts) {
    if (pattern.scope() instanceof Scope.Global) {
      long units = 0;
      long cells = 0;
      long pruned = 0;
      for (Count count : counts) {
        // Not by way of a dense mask where there is none.
        Form form = before.architecture().parameter(count.name()).form();
        Mask mask = before.masks().get(count.name());
        units += units(pattern.granularity(), form);
        cells += form.size();
        pruned += mask == null ? 0 : mask.pruned();
      }
      return amounts.isEmpty()
          ? OptionalDouble.empty()
          : requested(amounts.values().iterator().next(), (double) pruned / cells, units, 1);
    }
    double sum = 0;
    long cells = 0;
    for (Count count : counts) {
      if (count.requested().isEmpty()) {
        return OptionalDouble.empty();
      }
      sum += count.requested().getAsDouble() * count.weights();
      cells += count.weights();
    }
    return cells == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum / cells);
  }

  private static long budgets(Pattern pattern, Form form) {
    if (pattern.scope() instanceof Scope.Row) {
      return pattern.granularity() instanceof Granularity.Block block
          ? ceil(form.rows(), block.height())
          : form.rows();
    }
    if (pattern.scope() instanceof Scope.Tile tile) {
      return form.rows() * form.kernel() * ceil(form.inputs(), tile.width());
    }
    return 1;
  }

  private static long ceil(long length, long part) {
    return (length + part - 1) / part;
  }
}

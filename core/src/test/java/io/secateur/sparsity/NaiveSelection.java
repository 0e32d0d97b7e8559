package io.secateur.sparsity;

import io.secateur.sparsity.Granularity.Axis;
import io.secateur.sparsity.Selection.Candidate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What selection means, as plainly as it can be said: lists of units and a stable sort. */
final class NaiveSelection {
  /** One unit: its cells still kept, among all of its weight, and its score. */
  private static final class Unit {
    final boolean[] weight;
    final List<Integer> kept = new ArrayList<>();
    double score;

    Unit(boolean[] weight) {
      this.weight = weight;
    }
  }

  /**
   * What a budget is told from others by: its weight, row, tile and kernel cell, as it has them.
   */
  private record Key(String weight, long row, long tile, long kernel) {}

  private record Budget(Amount amount, List<Unit> units) {}

  private NaiveSelection() {}

  /** Returns the masks in the order of the candidates. */
  static List<Mask> select(Pattern pattern, List<Candidate> candidates) {
    Map<Key, Budget> budgets = new LinkedHashMap<>();
    List<boolean[]> kept = new ArrayList<>();
    for (Candidate candidate : candidates) {
      boolean[] cells = cells(candidate.before());
      kept.add(cells);
      addUnits(pattern, candidate, cells, budgets);
    }
    budgets.values().forEach(NaiveSelection::prune);
    List<Mask> masks = new ArrayList<>();
    for (int i = 0; i < kept.size(); i++) {
      boolean[] cells = kept.get(i);
      masks.add(Mask.of(candidates.get(i).before().form(), cell -> cells[(int) cell]));
    }
    return masks;
  }

  private static void addUnits(
      Pattern pattern, Candidate candidate, boolean[] kept, Map<Key, Budget> budgets) {
    float[] scores = new float[(int) candidate.scores().size()];
    candidate.scores().read(0, scores, scores.length);
    Form form = candidate.before().form();
    Unit[] units = new Unit[kept.length];
    for (int cell = 0; cell < kept.length; cell++) {
      int index = (int) unit(pattern.granularity(), form, cell);
      Unit unit = units[index];
      if (unit == null) {
        unit = new Unit(kept);
        units[index] = unit;
        budgets
            .computeIfAbsent(
                budget(pattern, candidate.name(), form, cell),
                owner -> new Budget(candidate.amount(), new ArrayList<>()))
            .units()
            .add(unit);
      }
      if (kept[cell]) {
        unit.kept.add(cell);
        unit.score =
            pattern.granularity() instanceof Granularity.Slice
                ? scores[index]
                : unit.score + scores[cell];
      }
    }
  }

  private static boolean[] cells(Mask mask) {
    boolean[] cells = new boolean[(int) mask.form().size()];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = mask.keeps(i);
    }
    return cells;
  }

  private static long unit(Granularity granularity, Form form, long cell) {
    long row = cell / form.columns();
    long column = cell % form.columns();
    if (granularity instanceof Granularity.Block block) {
      long across = (form.columns() + block.width() - 1) / block.width();
      return row / block.height() * across + column / block.width();
    }
    if (granularity instanceof Granularity.Slice slice) {
      return axis(slice.axis(), form, cell);
    }
    return cell;
  }

  private static long axis(Axis axis, Form form, long cell) {
    long column = cell % form.columns();
    return switch (axis) {
      case OUTPUT -> cell / form.columns();
      case INPUT -> column / form.kernel();
      case KERNEL_ROW -> column % form.kernel() / form.kernelWidth();
      case KERNEL_COLUMN -> column % form.kernelWidth();
    };
  }

  private static Key budget(Pattern pattern, String weight, Form form, long cell) {
    long row = cell / form.columns();
    long column = cell % form.columns();
    if (pattern.scope() instanceof Scope.Global) {
      return new Key("", 0, 0, 0);
    }
    if (pattern.scope() instanceof Scope.Tile tile) {
      long input = column / form.kernel();
      return new Key(weight, row, input / tile.width(), column % form.kernel());
    }
    if (pattern.scope() instanceof Scope.Row) {
      int height = pattern.granularity() instanceof Granularity.Block block ? block.height() : 1;
      return new Key(weight, row / height, 0, 0);
    }
    return new Key(weight, 0, 0, 0);
  }

  private static void prune(Budget budget) {
    int units = budget.units().size();
    List<Unit> sorted = new ArrayList<>(budget.units());
    sorted.removeIf(unit -> unit.kept.isEmpty());
    int remaining = sorted.size();
    sorted.sort(Comparator.comparingDouble(unit -> unit.score + 0.0));
    double more;
    if (budget.amount() instanceof Amount.OfAll all) {
      more = Math.rint(all.fraction() * units) - (units - remaining);
    } else if (budget.amount() instanceof Amount.OfRemaining rest) {
      more = Math.rint(rest.fraction() * remaining);
    } else if (budget.amount() instanceof Amount.Count count) {
      more = count.units();
    } else {
      Amount.Below below = (Amount.Below) budget.amount();
      more = sorted.stream().filter(unit -> unit.score <= below.score()).count();
    }
    for (int i = 0; i < more; i++) {
      for (int cell : sorted.get(i).kept) {
        sorted.get(i).weight[cell] = false;
      }
    }
  }
}

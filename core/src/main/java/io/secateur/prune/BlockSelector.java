package io.secateur.prune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Mask;
import io.secateur.sparsity.Pattern;
import io.secateur.sparsity.Scope;
import io.secateur.sparsity.Scores;
import io.secateur.sparsity.Selection;
import io.secateur.sparsity.Selection.Candidate;
import io.secateur.spi.ReconstructingMethod;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Decides a weight block of columns by block of columns, as its method reaches them. */
final class BlockSelector implements ReconstructingMethod.Selector {
  private static final Granularity ELEMENT = new Granularity.Element();

  private final String name;
  private final Mask before;
  private final int rows;
  private final int columns;
  private final Scope scope;
  private final Amount amount;
  private final List<Budget> budgets = new ArrayList<>();
  private final BitSet kept;
  private final Set<String> warnings = new LinkedHashSet<>();
  private int decided;

  BlockSelector(String name, Mask before, Scope scope, Amount amount) {
    Form form = before.form();
    this.name = name;
    this.before = before;
    this.rows = Math.toIntExact(form.rows());
    this.columns = Math.toIntExact(form.columns());
    // A tile as wide as a row is the row, and may be decided block by block as one.
    this.scope =
        scope instanceof Scope.Tile tile && tile.width() >= columns ? new Scope.Row() : scope;
    this.amount = amount;
    this.kept = new BitSet(Math.toIntExact(form.size()));
    if (counted() && this.scope instanceof Scope.Row) {
      for (int row = 0; row < rows; row++) {
        long pruned = columns - remaining(row, 0, columns);
        add(new Budget(row(row), amount, columns, pruned));
      }
    } else if (counted()) {
      add(new Budget(name, amount, form.size(), before.pruned()));
    }
  }

  /** Tiles lie within a block, and a score to prune below needs no count. */
  private boolean counted() {
    return !(scope instanceof Scope.Tile) && !(amount instanceof Amount.Below);
  }

  private void add(Budget budget) {
    budgets.add(budget);
    if (budget.lostMore()) {
      warnings.add(
          name + " has already lost more than the " + amount + " asked for; what is left stays");
    }
  }

  @Override
  public int width() {
    return scope instanceof Scope.Tile tile ? tile.width() : columns;
  }

  @Override
  public NDArray keep(NDArray scores, long firstColumn) {
    Shape shape = scores.getShape();
    if (shape.dimension() != 2 || shape.get(0) != rows || shape.get(1) < 1) {
      throw new IllegalArgumentException(
          "%s has %d rows; the scores of a block of its columns have shape (%d, width), not %s"
              .formatted(name, rows, rows, shape));
    }
    int width = Math.toIntExact(shape.get(1));
    int end = decided + width;
    if (firstColumn != decided || end > columns) {
      throw new IllegalArgumentException(
          "columns %d to %d of %s were to be decided where columns from %d up to %d are left; each"
                  .formatted(firstColumn, firstColumn + width - 1, name, decided, columns - 1)
              + " is decided once, in order");
    }
    if (width % width() != 0 && end != columns && scope instanceof Scope.Tile) {
      throw new IllegalArgumentException(
          "%d columns of %s were to be decided together, a multiple of %d is wanted"
              .formatted(width, name, width()));
    }
    boolean[] keep = decide(Scores.of(scores.toFloatArray()), width);
    for (int i = 0; i < keep.length; i++) {
      kept.set(i / width * columns + decided + i % width, keep[i]);
    }
    decided = end;
    return scores.getManager().create(keep, shape);
  }

  private boolean[] decide(Scores scores, int width) {
    boolean[] keep = new boolean[rows * width];
    if (counted() && scope instanceof Scope.Row) {
      List<Candidate> candidates = new ArrayList<>();
      for (int row = 0; row < rows; row++) {
        int first = row * width;
        int at = row;
        Mask mask = Mask.of(Form.matrix(1, width), c -> kept(at, decided + c));
        float[] own = new float[width];
        scores.read(first, own, width);
        candidates.add(
            new Candidate(row(row), mask, Scores.of(own), next(budgets.get(row), mask, width)));
      }
      Selection.Outcome outcome = select(new Scope.Layer(), candidates);
      for (int row = 0; row < rows; row++) {
        Mask mask = mask(outcome, row(row));
        for (int column = 0; column < width; column++) {
          keep[row * width + column] = mask.keeps(column);
        }
      }
      return keep;
    }
    Mask mask =
        Mask.of(Form.matrix(rows, width), c -> kept((int) (c / width), decided + c % width));
    Amount own = counted() ? next(budgets.get(0), mask, width) : amount;
    Selection.Outcome outcome = select(scope, List.of(new Candidate(name, mask, scores, own)));
    warnings.addAll(outcome.warnings());
    Mask after = mask(outcome, name);
    for (int i = 0; i < keep.length; i++) {
      keep[i] = after.keeps(i);
    }
    return keep;
  }

  private static Selection.Outcome select(Scope scope, List<Candidate> candidates) {
    return Selection.select(new Pattern(ELEMENT, scope), candidates);
  }

  private static Mask mask(Selection.Outcome outcome, String name) {
    Mask mask = outcome.masks().get(name);
    if (mask == null) {
      throw new IllegalStateException("nothing was decided for " + name);
    }
    return mask;
  }

  private Amount next(Budget budget, Mask block, int width) {
    return new Amount.Count(budget.next(block.survivors(), decided + width == columns));
  }

  private long remaining(int row, int first, int end) {
    long remaining = 0;
    for (int column = first; column < end; column++) {
      remaining += kept(row, column) ? 1 : 0;
    }
    return remaining;
  }

  private boolean kept(int row, long column) {
    return before.keeps((long) row * columns + column);
  }

  private String row(int row) {
    return name + ", row " + row;
  }

  /** Returns what was decided; refuses when columns are left. */
  Mask mask() {
    if (decided != columns) {
      throw new IllegalStateException(
          "%s has %d columns, its method decided %d of them".formatted(name, columns, decided));
    }
    return Mask.of(before.form(), cell -> kept.get((int) cell));
  }

  List<String> warnings() {
    return List.copyOf(warnings);
  }
}

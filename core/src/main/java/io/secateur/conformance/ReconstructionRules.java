package io.secateur.conformance;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.spi.ReconstructingMethod;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/** What a method keeps that repairs weights, on single weights of all kinds. */
final class ReconstructionRules {
  private static final long SEED = 7;

  private final ReconstructingMethod method;

  ReconstructionRules(ReconstructingMethod method) {
    this.method = method;
  }

  List<Rule> rules() {
    return List.of(
        new Rule("repairs weights of every shape", this::shapes),
        new Rule("repaired weights are finite", this::finite),
        new Rule("what was not kept is +0.0", this::zeros),
        new Rule("equal inputs and seed give equal weights", this::repeats),
        new Rule("leaves weights and statistics as they are", this::untouched),
        new Rule("leaves no native array behind", this::frees),
        new Rule(
            "a repaired layer errs no more than one pruned by magnitude",
            new RepairError(method)::check));
  }

  /** Returns whether all kinds of weights are repaired, to finite numbers. */
  boolean sound() {
    Findings findings = new Findings("");
    shapes(findings);
    finite(findings);
    return findings.violations().isEmpty();
  }

  /** Keeps the better half of each row's columns, and checks how it is asked. */
  private static final class Half implements ReconstructingMethod.Selector {
    private final int rows;
    private final int columns;
    private final BitSet kept = new BitSet();
    private int decided;

    Half(WeightCase weight) {
      this.rows = (int) weight.form().rows();
      this.columns = (int) weight.form().columns();
    }

    @Override
    public NDArray keep(NDArray scores, long firstColumn) {
      Shape shape = scores.getShape();
      if (shape.dimension() != 2 || shape.get(0) != rows || firstColumn != decided) {
        throw new IllegalArgumentException(
            "asks to decide %s from column %d, where %d rows from column %d on are left"
                .formatted(shape, firstColumn, rows, decided));
      }
      int width = (int) shape.get(1);
      float[] all = scores.toFloatArray();
      boolean[] keep = new boolean[all.length];
      for (int row = 0; row < rows; row++) {
        float[] sorted = Arrays.copyOfRange(all, row * width, (row + 1) * width);
        Arrays.sort(sorted);
        for (int column = 0; column < width; column++) {
          keep[row * width + column] = all[row * width + column] >= sorted[width / 2];
          kept.set(row * columns + decided + column, keep[row * width + column]);
        }
      }
      decided += width;
      return scores.getManager().create(keep, shape);
    }

    @Override
    public int width() {
      return columns;
    }
  }

  private MethodCall call(WeightCase weight, Half half) {
    return MethodCall.of(
        method, weight, SEED, (given, statistics) -> method.reconstruct(given, statistics, half));
  }

  private void shapes(Findings findings) {
    for (WeightCase weight : WeightCase.all()) {
      Half half = new Half(weight);
      MethodCall call = call(weight, half);
      Shape matrix = new Shape(weight.form().rows(), weight.form().columns());
      if (call.failure().isPresent()) {
        findings.violation(weight.name(), call.failure().get(), "every weight is repaired");
      } else if (call.type() != DataType.FLOAT32 || !call.shape().equals(matrix)) {
        findings.violation(
            weight.name(),
            "gave %s%s".formatted(call.type(), call.shape()),
            "the new matrix is float32%s, as the old one".formatted(matrix));
      } else if (half.decided != half.columns) {
        findings.violation(
            weight.name(),
            "had %d of %d columns decided".formatted(half.decided, half.columns),
            "each column is decided once, in order");
      }
    }
  }

  private void finite(Findings findings) {
    for (WeightCase weight : WeightCase.all()) {
      for (float cell : call(weight, new Half(weight)).cells()) {
        if (!Float.isFinite(cell)) {
          findings.violation(weight.name(), "a cell is " + cell, "weights are finite");
          break;
        }
      }
    }
  }

  private void zeros(Findings findings) {
    for (WeightCase weight : WeightCase.all()) {
      Half half = new Half(weight);
      float[] cells = call(weight, half).cells();
      for (int cell = 0; cell < cells.length; cell++) {
        if (!half.kept.get(cell) && Float.floatToRawIntBits(cells[cell]) != 0) {
          findings.violation(
              weight.name(),
              "cell %d was not kept and is %s".formatted(cell, cells[cell]),
              "it is +0.0 wherever the selector did not keep");
          break;
        }
      }
    }
  }

  private void repeats(Findings findings) {
    for (WeightCase weight : WeightCase.all()) {
      MethodCall once = call(weight, new Half(weight));
      MethodCall again = call(weight, new Half(weight));
      if (!Arrays.equals(once.cells(), again.cells())) {
        findings.violation(
            weight.name(), "two calls gave other weights", "equal inputs give equal weights");
      }
    }
  }

  private void untouched(Findings findings) {
    for (WeightCase weight : WeightCase.all()) {
      List<String> written = call(weight, new Half(weight)).written();
      if (!written.isEmpty()) {
        findings.violation(
            weight.name(),
            "it writes to " + String.join(", ", written) + ", or closes it",
            "arrays belong to the framework; work on a duplicate()");
        return;
      }
    }
  }

  private void frees(Findings findings) {
    for (WeightCase weight : WeightCase.all()) {
      int left = call(weight, new Half(weight)).left().orElse(0);
      if (left > 0) {
        findings.violation(
            weight.name(),
            "%d arrays live on after the call".formatted(left),
            "arrays are made by weight.matrix() and its manager, or closed");
        return;
      }
    }
  }
}

package io.secateur.conformance;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.sparsity.Form;
import io.secateur.spi.CellwiseMethod;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistic;
import java.util.Arrays;
import java.util.List;

/** What scores keep, of single weights of all kinds. */
final class ScoreRules {
  private static final long SEED = 7;

  private final ScoringMethod method;

  ScoreRules(ScoringMethod method) {
    this.method = method;
  }

  List<Rule> rules() {
    return List.of(
        new Rule("scores weights of every shape", this::shapes),
        new Rule("scores are finite", this::finite),
        new Rule("equal inputs and seed give equal scores", this::repeats),
        new Rule("rowwise: scores of some rows are those of the whole", this::rowwise),
        new Rule("cellwise: scores in Java are those of the matrix", this::cellwise),
        new Rule("leaves weights and statistics as they are", this::untouched),
        new Rule("leaves no native array behind", this::frees));
  }

  /** Returns whether all kinds of weights are scored, by finite numbers. */
  boolean sound() {
    Findings findings = new Findings("");
    shapes(findings);
    finite(findings);
    return findings.violations().isEmpty();
  }

  private MethodCall call(WeightCase weight, long seed) {
    return MethodCall.of(method, weight, seed, method::scores);
  }

  private void shapes(Findings findings) {
    for (WeightCase weight : WeightCase.all()) {
      MethodCall call = call(weight, SEED);
      if (call.failure().isPresent()) {
        findings.violation(weight.name(), call.failure().get(), "every weight is scored");
      } else if (call.type() != DataType.FLOAT32 || !fits(call.shape(), weight.form())) {
        findings.violation(
            weight.name(),
            "gave scores of %s%s".formatted(call.type(), call.shape()),
            "scores are float32 in the shape of the matrix"
                + (method.unitwise() ? ", or one column with a score per unit" : ""));
      }
    }
  }

  private boolean fits(Shape shape, Form form) {
    return shape.equals(new Shape(form.rows(), form.columns()))
        || (method.unitwise()
            && (shape.equals(new Shape(form.rows(), 1)) || shape.equals(new Shape(form.rows()))));
  }

  private void finite(Findings findings) {
    for (WeightCase weight : WeightCase.all()) {
      float[] scores = call(weight, SEED).cells();
      for (int cell = 0; cell < scores.length; cell++) {
        if (!Float.isFinite(scores[cell])) {
          findings.violation(
              weight.name(),
              "score %d is %s".formatted(cell, scores[cell]),
              "a score is a finite number, so that weights can be ranked");
          break;
        }
      }
    }
  }

  private void repeats(Findings findings) {
    for (WeightCase weight : WeightCase.all()) {
      MethodCall once = call(weight, SEED);
      // Whatever a call leaves in the method must not reach the next.
      MethodCall other = call(weight, SEED + 1);
      MethodCall again = call(weight, SEED);
      if (other.gave() && !Arrays.equals(once.cells(), again.cells())) {
        findings.violation(
            weight.name(),
            "two calls gave other scores",
            "equal inputs and seed give equal scores; draw from weight.seed(), and keep nothing"
                + " from call to call");
      }
    }
  }

  private void rowwise(Findings findings) {
    // The framework asks so with statistics of inputs alone.
    if (!method.rowwise()
        || !method.needs().stream().allMatch(Statistic.OfInputs.class::isInstance)) {
      return;
    }
    for (WeightCase weight : WeightCase.all()) {
      MethodCall whole = call(weight, SEED);
      long rows = weight.form().rows();
      long half = rows / 2;
      if (!whole.gave() || half == 0) {
        continue;
      }
      int perRow = (int) (whole.cells().length / rows);
      for (long[] part : new long[][] {{0, half}, {half, rows}}) {
        MethodCall some = MethodCall.of(method, weight, part[0], part[1], SEED, method::scores);
        float[] expected =
            Arrays.copyOfRange(whole.cells(), (int) part[0] * perRow, (int) part[1] * perRow);
        if (!Arrays.equals(expected, some.cells())) {
          findings.violation(
              weight.name(),
              "rows %d to %d alone %s"
                  .formatted(
                      part[0],
                      part[1] - 1,
                      some.failure().orElse("score otherwise than within the whole weight")),
              "rowwise() is true only where a row's scores depend on that row alone");
          return;
        }
      }
    }
  }

  private void cellwise(Findings findings) {
    if (!(method instanceof CellwiseMethod cellwise)) {
      return;
    }
    for (WeightCase weight : WeightCase.all()) {
      MethodCall call = call(weight, SEED);
      int size = weight.cells().length;
      // What is behind the numbers is not to be touched.
      float[] scores = Arrays.copyOf(weight.cells(), size + 1);
      cellwise.score(scores, size);
      if (call.gave() && !Arrays.equals(Arrays.copyOf(call.cells(), size + 1), scores)) {
        findings.violation(
            weight.name(),
            "score(numbers, length) gives others than scores(weight, statistics), or writes behind"
                + " the length",
            "both give the same numbers, bit for bit");
        return;
      }
    }
  }

  private void untouched(Findings findings) {
    for (WeightCase weight : WeightCase.all()) {
      List<String> written = call(weight, SEED).written();
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
      int left = call(weight, SEED).left().orElse(0);
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

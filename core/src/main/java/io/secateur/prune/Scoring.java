package io.secateur.prune;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Scores;
import io.secateur.spi.CellwiseMethod;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;
import java.nio.FloatBuffer;
import java.util.Map;

/**
 * Asks a method for the scores of a weight: at once, or, when it says that rows do not depend on
 * each other and the weight is large, in blocks of rows. Scores of single cells are then made when
 * they are read, as often as they are, when all that the method sees besides are vectors; others
 * are made once, through one matrix. Statistics in the shape of the whole weight (gradients) keep a
 * method from being asked in blocks. A method that looks at each cell alone is asked without the
 * engine.
 */
final class Scoring {
  /** The cells of a block of rows whose scores are kept. */
  static final int BLOCK = 1 << 22;

  /** Scores of weights with fewer cells are made once: to make them again costs more. */
  private static final int KEPT = 1 << 16;

  private final ScoringMethod method;
  private final Granularity granularity;
  private final int block;

  Scoring(ScoringMethod method, Granularity granularity, int block) {
    this.method = method;
    this.granularity = granularity;
    this.block = block;
  }

  /**
   * Returns the scores, in the order that selection reads them.
   *
   * @param manager owns the scores' memory; they are readable until it closes
   */
  Scores of(WeightMatrix weight, Statistics statistics, NDManager manager) {
    if (granularity instanceof Granularity.Element && method instanceof CellwiseMethod cellwise) {
      return new CellScores(weight.numbers(), cellwise::score);
    }
    boolean blocks =
        method.rowwise()
            && weight.inOrder()
            && method.needs().stream().allMatch(Statistic.OfInputs.class::isInstance);
    if (blocks
        && weight.form().size() > Math.min(block, KEPT)
        && light(weight, statistics, manager)) {
      return new RowBlocks(method, manager, Math.min(block, RowBlocks.BLOCK))
          .scores(weight.source(weight.companions(manager), statistics));
    }
    return blocks && weight.form().size() > block
        ? byRows(weight, statistics, manager)
        : whole(weight, statistics, manager);
  }

  /** Returns whether making scores takes hardly longer than reading them. */
  private boolean light(WeightMatrix weight, Statistics statistics, NDManager manager) {
    return granularity instanceof Granularity.Element
        && manager.getDevice().equals(Device.cpu())
        && method.needs().stream()
            .allMatch(need -> statistics.total(need).size() <= weight.form().columns());
  }

  private Scores whole(WeightMatrix weight, Statistics statistics, NDManager manager) {
    NDArray scores;
    try (NDScope scope = new NDScope();
        NDManager own = manager.newSubManager()) {
      scope.suppressNotUsedWarning();
      NDArray given = method.scores(weight.whole(own), weight.inOrder(statistics));
      // In the engine's own memory: a view of numbers that Java made would outlive them.
      scores = checked(given, weight, weight.form(), 0).duplicate();
      scores.attach(manager);
      NDScope.unregister(scores);
    }
    ArrayScores readable = new ArrayScores();
    readable.add(scores);
    return readable;
  }

  private Scores byRows(WeightMatrix weight, Statistics statistics, NDManager manager) {
    Form form = weight.form();
    long step = Math.max(1, block / form.columns());
    float[] floats = new float[Math.toIntExact(step * form.columns())];
    ArrayScores readable = new ArrayScores();
    try (NDManager own = manager.newSubManager()) {
      Map<String, NDArray> companions = weight.companions(own);
      NDArray reused = own.create(new Shape(step, form.columns()));
      for (long first = 0; first < form.rows(); first += step) {
        long rows = Math.min(step, form.rows() - first);
        NDArray kept;
        try (NDScope scope = new NDScope()) {
          scope.suppressNotUsedWarning();
          NDArray matrix = rows == step ? reused : own.create(new Shape(rows, form.columns()));
          Weight part = weight.rows(first, matrix, floats, companions);
          NDArray scores = checked(method.scores(part, statistics), weight, part.form(), first);
          kept = copy(scores, manager);
          NDScope.unregister(kept);
        }
        readable.add(kept);
      }
    }
    return readable;
  }

  /** A copy, since scores may be a view of the matrix that the next rows are written to. */
  private static NDArray copy(NDArray scores, NDManager manager) {
    NDArray copy = manager.create(scores.getShape());
    if (!scores.getDevice().equals(Device.cpu())) {
      scores.copyTo(copy);
      return copy;
    }
    FloatBuffer target = copy.toByteBuffer(true).asFloatBuffer();
    target.put(scores.toByteBuffer(true).asFloatBuffer());
    return copy;
  }

  /** Returns scores in the shape that selection reads: for slices, one per unit. */
  private NDArray checked(NDArray scores, WeightMatrix weight, Form form, long first) {
    boolean perUnit = ScoreShapes.check(scores, method.name(), weight.name(), form, granularity);
    Shape units = new Shape(form.rows(), 1);
    if (perUnit) {
      return scores.reshape(units);
    }
    return granularity.sliced().isPresent()
        ? scores.getManager().create(weight.sums(scores.toFloatArray(), first), units)
        : scores;
  }
}

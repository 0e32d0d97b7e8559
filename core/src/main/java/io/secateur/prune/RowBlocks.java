package io.secateur.prune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.secateur.calibrate.Calibrator;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Scores;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Weight;
import java.util.Map;

/**
 * Scores of tensors at rest, made by a method when they are read: a block of rows at a time, of
 * which every thread keeps the last.
 */
final class RowBlocks {
  /** The cells of a block, at least a row. */
  private static final long BLOCK = 1 << 18;

  private final ScoringMethod method;
  private final NDManager manager;
  private final long block;
  private final ThreadLocal<Block> last = ThreadLocal.withInitial(Block::new);

  RowBlocks(ScoringMethod method, NDManager manager) {
    this(method, manager, BLOCK);
  }

  RowBlocks(ScoringMethod method, NDManager manager, long block) {
    this.method = method;
    this.manager = manager;
    this.block = block;
  }

  /** A tensor as a matrix of float32 numbers. */
  record Source(String name, Form form, Scores numbers, long seed) {
    /** Returns some rows in the engine; what is 0 is +0.0 there. */
    Weight rows(long first, long rows, NDManager manager) {
      Form part = new Form(rows, form.inputs(), form.kernelHeight(), form.kernelWidth());
      NDArray matrix = manager.create(new Shape(rows, form.columns()));
      long step = Math.max(1, BLOCK / form.columns());
      float[] floats = new float[Math.toIntExact(Math.min(rows, step) * form.columns())];
      for (long row = 0; row < rows; row += step) {
        long some = Math.min(step, rows - row);
        int length = Math.toIntExact(some * form.columns());
        numbers.read((first + row) * form.columns(), floats, length);
        for (int i = 0; i < length; i++) {
          floats[i] += 0f; // so that -0.0 becomes 0.0
        }
        NDArray target = some == rows ? matrix : matrix.get(row + ":" + (row + some));
        target.toByteBuffer(true).asFloatBuffer().put(floats, 0, length);
      }
      return new Weight(name, part, matrix, Map.of(), seed);
    }
  }

  /** What a thread has scored last. */
  private static final class Block {
    private float[] scores = {};
    private long first;
    private Object of = "";
  }

  /** Returns scores that live as long as the manager, all made at once. */
  Scores whole(Source source, NDManager owner) {
    try (NDScope scope = new NDScope();
        NDManager own = owner.newSubManager()) {
      scope.suppressNotUsedWarning();
      NDArray scores = scored(source.rows(0, source.form().rows(), own), own);
      scores.attach(owner);
      NDScope.unregister(scores);
      ArrayScores readable = new ArrayScores();
      readable.add(scores);
      return readable;
    }
  }

  /** Returns scores of a method whose rows do not depend on each other. */
  Scores scores(Source source) {
    return new Scores() {
      @Override
      public long size() {
        return source.form().size();
      }

      @Override
      public void read(long first, float[] into, int length) {
        Block own = last.get();
        int done = 0;
        while (done < length) {
          long at = first + done;
          if (own.of != source || at < own.first || at >= own.first + own.scores.length) {
            score(source, at / source.form().columns(), own);
          }
          int offset = (int) (at - own.first);
          int part = Math.min(length - done, own.scores.length - offset);
          System.arraycopy(own.scores, offset, into, done, part);
          done += part;
        }
      }
    };
  }

  private void score(Source source, long row, Block into) {
    Form form = source.form();
    long step = Math.max(1, block / form.columns());
    long first = row / step * step;
    into.of = "";
    try (NDScope scope = new NDScope();
        NDManager own = manager.newSubManager()) {
      scope.suppressNotUsedWarning();
      Weight rows = source.rows(first, Math.min(step, form.rows() - first), own);
      into.scores = scored(rows, own).toFloatArray();
    }
    into.first = first * form.columns();
    into.of = source;
  }

  private NDArray scored(Weight weight, NDManager own) {
    NDArray scores = method.scores(weight, Calibrator.none(weight.name(), own));
    ScoreShapes.check(
        scores, method.name(), weight.name(), weight.form(), new Granularity.Element());
    return scores;
  }
}

package io.secateur.prune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Scores;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Scores of tensors at rest, made by a method when they are read and never kept: a block of rows at
 * a time, of which every thread keeps the last. For the processor alone.
 */
final class RowBlocks {
  /**
   * The cells of a block, at least a row: they stay in a core's cache, and are fewer than the
   * engine divides among threads of its own, which readers are already.
   */
  static final int BLOCK = (1 << 15) - 1;

  /** Fewer scores, unless they go on where the last block ended, are read from this place alone. */
  private static final int PLACE = 64;

  private static final Granularity ELEMENT = new Granularity.Element();

  private final ScoringMethod method;
  private final NDManager manager;
  private final int block;

  RowBlocks(ScoringMethod method, NDManager manager) {
    this(method, manager, BLOCK);
  }

  RowBlocks(ScoringMethod method, NDManager manager, int block) {
    this.method = method;
    this.manager = manager;
    this.block = block;
  }

  /**
   * A tensor as a matrix of float32 numbers, and what else a method sees of it.
   *
   * @param companions vectors with a number per row
   */
  record Source(
      String name,
      Form form,
      Scores numbers,
      long seed,
      Map<String, NDArray> companions,
      Statistics statistics) {

    /** Returns some rows as a weight of their own. */
    Weight rows(long first, NDArray matrix) {
      long rows = matrix.getShape().get(0);
      Form part = new Form(rows, form.inputs(), form.kernelHeight(), form.kernelWidth());
      Map<String, NDArray> vectors = new HashMap<>();
      companions.forEach(
          (role, all) ->
              vectors.put(role, all.get(new NDIndex().addSliceDim(first, first + rows))));
      return new Weight(name, part, matrix, vectors, seed);
    }
  }

  /** What a thread has scored last, and the memory that it does so in. */
  private static final class Block {
    private float[] numbers = {};
    private float[] scores = {};
    private long first;
    private int length;
    private @Nullable NDArray matrix;

    /** Forgets the scores, and returns a matrix of so many rows. */
    NDArray matrix(Shape shape, NDManager manager) {
      length = 0;
      NDArray last = matrix;
      if (last == null || !last.getShape().equals(shape)) {
        if (last != null) {
          last.close();
        }
        last = manager.create(shape);
        matrix = last;
        int size = Math.toIntExact(shape.size());
        if (scores.length < size) {
          numbers = new float[size];
          scores = new float[size];
        }
      }
      return last;
    }
  }

  /** Returns scores that live as long as the manager, all made at once. */
  Scores whole(Source source, NDManager owner) {
    Form form = source.form();
    try (NDScope scope = new NDScope();
        NDManager own = owner.newSubManager()) {
      scope.suppressNotUsedWarning();
      NDArray matrix = own.create(new Shape(form.rows(), form.columns()));
      int step = (int) Math.max(1, block / form.columns());
      float[] numbers = new float[Math.toIntExact(step * form.columns())];
      for (long row = 0; row < form.rows(); row += step) {
        long end = Math.min(form.rows(), row + step);
        NDArray some = matrix.get(new NDIndex().addSliceDim(row, end));
        WeightMatrix.fill(some, source.numbers(), row * form.columns(), numbers);
      }
      NDArray scores = scored(source.rows(0, matrix), source.statistics());
      scores.attach(owner);
      NDScope.unregister(scores);
      ArrayScores readable = new ArrayScores();
      readable.add(scores);
      return readable;
    }
  }

  /**
   * Returns scores of a method whose rows do not depend on each other; readable until the manager
   * closes.
   */
  Scores scores(Source source) {
    Map<Thread, Block> blocks = new ConcurrentHashMap<>();
    return new Scores() {
      @Override
      public long size() {
        return source.form().size();
      }

      @Override
      public void read(long first, float[] into, int length) {
        Block own = blocks.computeIfAbsent(Thread.currentThread(), thread -> new Block());
        int done = 0;
        while (done < length) {
          long at = first + done;
          if (at < own.first || at >= own.first + own.length) {
            score(source, at, length - done, own);
          }
          int offset = (int) (at - own.first);
          int part = Math.min(length - done, own.length - offset);
          System.arraycopy(own.scores, offset, into, done, part);
          done += part;
        }
      }
    };
  }

  /** Scores the rows around a cell. */
  private void score(Source source, long cell, int wanted, Block into) {
    Form form = source.form();
    boolean onward = into.length > 0 && cell == into.first + into.length;
    long step = wanted < PLACE && !onward ? 1 : Math.max(1, block / form.columns());
    long first = cell / form.columns() / step * step;
    long rows = Math.min(step, form.rows() - first);
    NDArray matrix = into.matrix(new Shape(rows, form.columns()), manager);
    WeightMatrix.fill(matrix, source.numbers(), first * form.columns(), into.numbers);
    int length = Math.toIntExact(matrix.size());
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray scores = scored(source.rows(first, matrix), source.statistics());
      // Copied while all that the method made is there: scores may be a view of it.
      FloatBuffer memory = scores.toByteBuffer(true).asFloatBuffer();
      memory.get(0, into.scores, 0, length);
    }
    into.first = first * form.columns();
    into.length = length;
  }

  private NDArray scored(Weight weight, Statistics statistics) {
    NDArray scores = method.scores(weight, statistics);
    ScoreShapes.check(scores, method.name(), weight.name(), weight.form(), ELEMENT);
    return scores;
  }
}

package io.secateur.sparsity;

import io.secateur.sparsity.Granularity.Block;
import io.secateur.sparsity.Selection.Candidate;

/**
 * Rectangles of the matrix, numbered row by row of blocks. A block's score is the sum, as a double,
 * of those of its remaining cells, in the order of their flat indices; it is added up whenever it
 * is read.
 */
final class BlockUnits extends Units {
  private final Form form;
  private final Mask before;
  private final Scores scores;
  private final Block block;
  private final long across;

  BlockUnits(Candidate candidate, Block block) {
    super(
        candidate.name(),
        blocks(candidate.before().form().rows(), block.height())
            * blocks(candidate.before().form().columns(), block.width()),
        remaining(candidate.before(), block));
    this.form = candidate.before().form();
    this.before = candidate.before();
    this.scores = candidate.scores();
    this.block = block;
    this.across = blocks(form.columns(), block.width());
  }

  private static long blocks(long cells, int side) {
    return (cells - 1) / side + 1;
  }

  /** A block remains as long as one of its cells does. */
  private static long[] remaining(Mask before, Block block) {
    Form form = before.form();
    long columns = form.columns();
    long across = blocks(columns, block.width());
    long[] blocks = new long[Bits.words(blocks(form.rows(), block.height()) * across)];
    for (long row = 0; row < form.rows(); row++) {
      long index = row / block.height() * across;
      long end = (row + 1) * columns;
      for (long cell = row * columns; cell < end; cell += block.width(), index++) {
        if (Bits.any(before.bits(), cell, Math.min(cell + block.width(), end))) {
          Bits.set(blocks, index, index + 1);
        }
      }
    }
    return blocks;
  }

  @Override
  long across() {
    return across;
  }

  @Override
  int digits() {
    return 4;
  }

  @Override
  long keyAtMost(double score) {
    return Keys.of(score);
  }

  @Override
  double score(long key) {
    return Keys.toDouble(key);
  }

  @Override
  void read(long first, int length, Chunk chunk) {
    double[] sums = new double[length];
    for (int i = 0; i < length; ) {
      long index = first + i;
      int run = (int) Math.min(length - i, across - index % across);
      addUp(index, sums, i, run, chunk.scores);
      i += run;
    }
    for (int i = 0; i < length; i++) {
      if (Double.isNaN(sums[i])) {
        throw notANumber(first + i);
      }
      boolean remains = Bits.any(remaining(), first + i, first + i + 1);
      chunk.keys[i] = remains ? Keys.of(sums[i]) : Keys.PRUNED;
    }
  }

  /** Adds up some blocks that stand side by side, cell row after cell row. */
  private void addUp(long index, double[] sums, int target, int blocks, float[] buffer) {
    long firstColumn = index % across * block.width();
    long endColumn = Math.min(firstColumn + (long) blocks * block.width(), form.columns());
    long firstRow = index / across * block.height();
    long endRow = Math.min(firstRow + block.height(), form.rows());
    for (long row = firstRow; row < endRow; row++) {
      for (long column = firstColumn; column < endColumn; column += buffer.length) {
        long cell = row * form.columns() + column;
        int length = (int) Math.min(buffer.length, endColumn - column);
        scores.read(cell, buffer, length);
        addUp(sums, target, column - firstColumn, cell, buffer, length);
      }
    }
  }

  /** Adds up cells of one row, the first of which is {@code offset} cells into the blocks. */
  private void addUp(
      double[] sums, int target, long offset, long cell, float[] buffer, int length) {
    long[] kept = before.bits();
    int sum = target + (int) (offset / block.width());
    // Of the first block some columns may have been added up already.
    long left = block.width() - offset % block.width();
    for (int i = 0; i < length; sum++) {
      int end = (int) Math.min(length, i + left);
      double total = sums[sum];
      for (; i < end; i++) {
        long at = cell + i;
        total += (kept[(int) (at >>> 6)] >>> at & 1) != 0 ? buffer[i] : 0;
      }
      sums[sum] = total;
      left = block.width();
    }
  }

  private IllegalArgumentException notANumber(long index) {
    long firstRow = index / across * block.height();
    long firstColumn = index % across * block.width();
    long endRow = Math.min(firstRow + block.height(), form.rows());
    long endColumn = Math.min(firstColumn + block.width(), form.columns());
    float[] score = new float[1];
    for (long row = firstRow; row < endRow; row++) {
      for (long column = firstColumn; column < endColumn; column++) {
        long cell = row * form.columns() + column;
        scores.read(cell, score, 1);
        if (before.keeps(cell) && Float.isNaN(score[0])) {
          return new IllegalArgumentException(
              "%s: the score of flat index %d (row %d, column %d) is NaN; scores must be numbers"
                  .formatted(weight, cell, row, column));
        }
      }
    }
    return new IllegalArgumentException(
        "%s: the scores of block %d (from row %d, column %d on) add up to NaN; a block may hold"
                .formatted(weight, index, firstRow, firstColumn)
            + " infinite scores of one sign only");
  }

  @Override
  Mask mask() {
    long[] cells = before.bits().clone();
    for (long index = 0; index < size; index++) {
      if (lost(index)) {
        long firstRow = index / across * block.height();
        long endRow = Math.min(firstRow + block.height(), form.rows());
        long firstColumn = index % across * block.width();
        long endColumn = Math.min(firstColumn + block.width(), form.columns());
        for (long row = firstRow; row < endRow; row++) {
          Bits.clear(cells, row * form.columns() + firstColumn, row * form.columns() + endColumn);
        }
      }
    }
    return new Mask(form, cells);
  }
}

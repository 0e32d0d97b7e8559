package io.secateur.prune;

import io.secateur.sparsity.Scores;

/** Numbers at rest that become scores, cell by cell, when they are read: nothing is kept. */
record CellScores(Scores numbers, Change change) implements Scores {
  /** What is done to each number by itself. */
  interface Change {
    /** Changes so many numbers from the start of an array. */
    void apply(float[] numbers, int length);
  }

  @Override
  public long size() {
    return numbers.size();
  }

  @Override
  public void read(long first, float[] into, int length) {
    numbers.read(first, into, length);
    change.apply(into, length);
  }
}

package io.secateur.prune;

import io.secateur.sparsity.Scores;
import io.secateur.spi.CellwiseMethod;

/** Scores that a method makes of numbers at rest when they are read: nothing of them is kept. */
record CellScores(CellwiseMethod method, Scores numbers) implements Scores {
  @Override
  public long size() {
    return numbers.size();
  }

  @Override
  public void read(long first, float[] into, int length) {
    numbers.read(first, into, length);
    method.score(into, length);
  }
}

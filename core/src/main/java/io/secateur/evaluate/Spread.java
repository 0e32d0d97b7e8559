package io.secateur.evaluate;

import ai.djl.ndarray.NDManager;
import io.secateur.spi.Examples;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Some of a split's examples: the split is cut into as many equal stretches, and of each one
 * example is drawn, always the same. The first ones alone would be of one class where a split is
 * sorted, and those at even distances where classes take turns.
 *
 * @param size how many; at most as many as there are
 */
public record Spread(Examples all, int size) implements Examples {
  @Override
  public Batch batch(int[] indices, NDManager manager) {
    return all.batch(Arrays.stream(indices).map(this::place).toArray(), manager);
  }

  /** Returns where an example stands among all. */
  int place(int index) {
    int first = start(index);
    return first + new SplittableRandom(index).split().nextInt(start(index + 1) - first);
  }

  private int start(int stretch) {
    return (int) ((long) stretch * all.size() / size);
  }
}

package io.secateur.evaluate;

import ai.djl.ndarray.NDManager;
import io.secateur.spi.Examples;
import java.util.Arrays;

/**
 * Some of a split's examples, at even distances from its first on: the first ones alone would be of
 * one class where a split is sorted.
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
    return (int) ((long) index * all.size() / size);
  }
}

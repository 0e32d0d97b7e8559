package io.secateur.data;

import ai.djl.ndarray.NDManager;
import io.secateur.spi.Examples;
import java.util.Arrays;

/** Some of other examples, in an order of its own. */
final class Part implements Examples {
  private final Examples all;
  private final int[] chosen;

  Part(Examples all, int[] chosen) {
    this.all = all;
    this.chosen = chosen.clone();
  }

  @Override
  public int size() {
    return chosen.length;
  }

  @Override
  public Batch batch(int[] indices, NDManager manager) {
    return all.batch(of(indices), manager);
  }

  @Override
  public Batch augmented(int[] indices, long seed, NDManager manager) {
    return all.augmented(of(indices), seed, manager);
  }

  private int[] of(int[] indices) {
    return Arrays.stream(indices).map(index -> chosen[index]).toArray();
  }
}

package io.secateur.evaluate;

import ai.djl.ndarray.NDManager;
import io.secateur.spi.Examples;

/**
 * Examples that tell whenever somebody looks at them: who reads data is at work.
 *
 * @param look is called before every batch
 */
public record Watched(Examples all, Runnable look) implements Examples {
  @Override
  public int size() {
    return all.size();
  }

  @Override
  public Batch batch(int[] indices, NDManager manager) {
    look.run();
    return all.batch(indices, manager);
  }

  @Override
  public Batch augmented(int[] indices, long seed, NDManager manager) {
    look.run();
    return all.augmented(indices, seed, manager);
  }
}

package io.secateur.calibrate;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** Draws which examples calibration shows. */
public final class Sample {
  private Sample() {}

  /**
   * Returns {@code count} distinct indices below {@code size}, all of them when there are fewer.
   */
  public static int[] of(int size, int count, long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    int[] indices = new int[size];
    Arrays.setAll(indices, i -> i);
    int drawn = Math.min(size, count);
    for (int i = 0; i < drawn; i++) {
      int other = i + random.nextInt(size - i);
      int index = indices[other];
      indices[other] = indices[i];
      indices[i] = index;
    }
    return Arrays.copyOf(indices, drawn);
  }
}

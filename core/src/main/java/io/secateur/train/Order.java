package io.secateur.train;

import java.util.Arrays;
import java.util.SplittableRandom;

/** The order in which an epoch sees the examples: all of them once, drawn from seed and epoch. */
final class Order {
  /** Any number: keeps these seeds apart from those of orders and of what networks draw. */
  private static final long AUGMENTING = 0x5DEECE66D1CE4E5BL;

  private final int[] examples;
  private final int batch;

  Order(int size, int batch, long seed, int epoch) {
    this.examples = new int[size];
    this.batch = batch;
    Arrays.setAll(examples, i -> i);
    SplittableRandom random = new SplittableRandom(mixed(seed, epoch));
    for (int i = size - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      int example = examples[i];
      examples[i] = examples[other];
      examples[other] = example;
    }
  }

  /** Returns the examples of one batch; the last may be short. */
  int[] batch(long index) {
    int first = Math.toIntExact(index * batch);
    return Arrays.copyOfRange(examples, first, Math.min(examples.length, first + batch));
  }

  /** Returns the seed of a step's random changes to its examples. */
  static long augmenting(long seed, long step) {
    return mixed(Long.rotateLeft(seed, 32) ^ AUGMENTING, step);
  }

  /** Returns a seed that differs for every pair (Stafford's mix 13 of the pair's sum). */
  static long mixed(long seed, long ordinal) {
    long z = seed + (ordinal + 1) * 0x9E3779B97F4A7C15L;
    z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
    z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
    return z ^ z >>> 31;
  }
}

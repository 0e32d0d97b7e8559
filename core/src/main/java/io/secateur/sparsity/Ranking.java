package io.secateur.sparsity;

import java.util.Arrays;

/** Finds the cut of a budget whose keys are all at hand; holds one thread's working memory. */
final class Ranking {
  private static final int DIGIT = 8;

  private final int[] counts = new int[1 << DIGIT];
  private final long[] candidates;

  private final int lowestShift;

  /**
   * @param capacity the most keys that a budget may have
   * @param digits how many leading 16-bit digits tell all keys apart
   */
  Ranking(int capacity, int digits) {
    candidates = new long[capacity];
    lowestShift = Long.SIZE - Short.SIZE * digits;
  }

  /**
   * Returns where the {@code rank} lowest of some keys are cut off: digit by digit from the top,
   * only the keys that share the cut's digits so far are looked at again.
   *
   * @param rank from 1 to how many of the keys are not {@link Keys#PRUNED}
   */
  Cut lowest(long[] keys, int length, long rank) {
    long[] source = keys;
    int left = length;
    long wanted = rank;
    // Signed order: the top bit of the top digit counts the other way round.
    int flip = 1 << (DIGIT - 1);
    for (int shift = Long.SIZE - DIGIT; shift >= lowestShift && left > 1; shift -= DIGIT) {
      int digit = digit(source, left, shift, flip, wanted);
      for (int d = 0; d < digit; d++) {
        wanted -= counts[d];
      }
      int found = 0;
      for (int i = 0; i < left; i++) {
        long key = source[i];
        candidates[found] = key;
        found += ((int) (key >>> shift & 0xff) ^ flip) == digit ? 1 : 0;
      }
      source = candidates;
      left = found;
      flip = 0;
    }
    return new Cut(source[0], wanted);
  }

  private int digit(long[] source, int length, int shift, int flip, long rank) {
    Arrays.fill(counts, 0);
    for (int i = 0; i < length; i++) {
      counts[(int) (source[i] >>> shift & 0xff) ^ flip]++;
    }
    int digit = 0;
    for (long below = counts[0]; below < rank; below += counts[digit]) {
      digit++;
    }
    return digit;
  }
}

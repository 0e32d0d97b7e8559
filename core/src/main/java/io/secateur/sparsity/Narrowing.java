package io.secateur.sparsity;

import java.util.Arrays;

/**
 * Finds the cut of a budget of many floats whose keys are all at hand: a sample says between which
 * two it lies, and only keys between them are looked at again.
 */
final class Narrowing {
  /** Among fewer keys a cut is found as soon as a sample is sorted. */
  static final int LEAST = 1 << 10;

  private static final int SAMPLE = 1 << 7;

  /** By so many places of the sample the cut is missed once in a hundred times. */
  private static final int MARGIN = 14;

  private final Ranking ranking;
  private final int[] sample = new int[SAMPLE];
  private final int[] candidates;
  private final long[] few;

  /**
   * @param capacity the most keys that a budget may have
   */
  Narrowing(int capacity) {
    candidates = new int[capacity];
    few = new long[capacity];
    ranking = new Ranking(capacity, 2);
  }

  /**
   * Returns where the {@code rank} lowest of some keys are cut off.
   *
   * @param rank from 1 to how many of the keys are not {@link Ints#PRUNED}
   * @return its key is an int
   */
  Cut lowest(int[] keys, int length, long rank) {
    int[] source = keys;
    int left = length;
    long wanted = rank;
    while (left >= LEAST) {
      for (int i = 0; i < SAMPLE; i++) {
        sample[i] = source[(int) ((long) i * left / SAMPLE)];
      }
      Arrays.sort(sample);
      int place = (int) ((double) wanted / left * SAMPLE);
      int lowest = place < MARGIN ? Integer.MIN_VALUE : sample[place - MARGIN];
      int highest = place + MARGIN >= SAMPLE ? Integer.MAX_VALUE : sample[place + MARGIN];
      int below = 0;
      int found = 0;
      for (int i = 0; i < left; i++) {
        long key = source[i];
        candidates[found] = (int) key;
        long low = (key - lowest) >>> 63;
        below += (int) low;
        found += 1 - (int) (low | ((highest - key) >>> 63));
      }
      if (wanted <= below || wanted > below + (long) found || found > left / 2) {
        // The sample has misled, or many keys are equal.
        return among(keys, length, rank);
      }
      wanted -= below;
      left = found;
      source = candidates;
    }
    return among(source, left, wanted);
  }

  private Cut among(int[] keys, int length, long rank) {
    for (int i = 0; i < length; i++) {
      few[i] = (long) keys[i] << 32;
    }
    Cut cut = ranking.lowest(few, length, rank);
    return new Cut(cut.key() >> 32, cut.equals());
  }
}

package io.secateur.sparsity;

import java.util.Arrays;

/** Finds the cut of the few keys of a band; holds one thread's working memory. */
final class Few {
  private static final int DIGIT = 8;

  /** Fewer keys are sorted. */
  private static final int SORTED = 12;

  private final int[] few;
  private final int[] counts = new int[1 << DIGIT];

  /**
   * @param capacity the most keys that are cut
   */
  Few(int capacity) {
    few = new int[capacity];
  }

  /**
   * Returns where the lowest of some keys listed are cut off, found digit by digit.
   *
   * @param rank how many these are, from 1 to {@code found}
   * @param lowest at most every one of the keys
   * @param highest at least every one
   */
  Cut cut(int[] listed, int next, int found, long rank, int lowest, int highest) {
    System.arraycopy(listed, next, few, 0, found);
    long left = rank;
    long known = lowest;
    long width = (long) highest - lowest + 1;
    int size = found;
    while (width > 1 && size > SORTED) {
      int shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(width - 1) - DIGIT);
      Arrays.fill(counts, 0);
      for (int i = 0; i < size; i++) {
        counts[(int) ((few[i] - known) >>> shift)]++;
      }
      int digit = 0;
      while (counts[digit] < left) {
        left -= counts[digit];
        digit++;
      }
      int alike = 0;
      for (int i = 0; i < size; i++) {
        int key = few[i];
        few[alike] = key;
        alike += (int) ((key - known) >>> shift) == digit ? 1 : 0;
      }
      size = alike;
      known += (long) digit << shift;
      width = 1L << shift;
    }
    if (width == 1) {
      return new Cut(known, left);
    }
    Arrays.sort(few, 0, size);
    int key = few[(int) left - 1];
    int lower = 0;
    while (few[lower] < key) {
      lower++;
    }
    return new Cut(key, left - lower);
  }
}

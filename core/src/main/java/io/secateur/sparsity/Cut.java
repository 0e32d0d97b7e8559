package io.secateur.sparsity;

/**
 * Where a budget is cut: units with lower keys are pruned, and of those with this key the first
 * {@code equals} in index order.
 */
record Cut(long key, long equals) {
  /** The bits of a key that are looked at in one pass. */
  static final int DIGIT = 16;

  /** Prunes every unit that remains. */
  static final Cut ALL = new Cut(Keys.PRUNED, 0);

  /** Prunes none. */
  static final Cut NONE = new Cut(Long.MIN_VALUE, 0);

  /** Prunes every unit whose key is at most {@code key}. */
  static Cut through(long key) {
    return new Cut(key, Long.MAX_VALUE);
  }

  /** Counts keys by their next digit. */
  interface Counter {
    /** Returns, by digit, how many keys have it at a level behind leading digits that are known. */
    long[] counts(int level, long known);
  }

  /**
   * Returns the cut below which so many keys lie: each digit is where the count of its level
   * reaches what is still wanted.
   *
   * @param rank how many units go, from 1 to one less than remain
   * @param digits how many digits tell all keys apart
   * @param first the counts of the first level
   * @param next counts the levels behind it
   */
  static Cut ofRank(long rank, int digits, long[] first, Counter next) {
    long wanted = rank;
    long prefix = 0;
    long[] counts = first;
    for (int level = 0; ; level++) {
      int digit = 0;
      while (counts[digit] < wanted) {
        wanted -= counts[digit];
        digit++;
      }
      prefix = (prefix << DIGIT) | digit;
      if (level + 1 == digits) {
        return new Cut((prefix << (Long.SIZE - DIGIT * digits)) ^ Long.MIN_VALUE, wanted);
      }
      counts = next.counts(level + 1, prefix);
    }
  }

  /** Returns a key's digit at a level. */
  static int digit(long key, int level) {
    return (int) ((key ^ Long.MIN_VALUE) >>> (Long.SIZE - DIGIT * (level + 1))) & 0xffff;
  }
}

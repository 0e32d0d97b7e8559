package io.secateur.sparsity;

/** Units with a score of their own each. */
abstract class FloatUnits extends Units {
  private final Scores scores;

  FloatUnits(String weight, Scores scores, long[] remaining) {
    super(weight, scores.size(), remaining);
    this.scores = scores;
  }

  /** Returns what an error calls a unit. */
  abstract String where(long index);

  @Override
  final int digits() {
    return 2;
  }

  @Override
  final long keyAtMost(double score) {
    return Keys.ofFloatAtMost(score);
  }

  @Override
  final double score(long key) {
    return Keys.toFloat(key);
  }

  @Override
  final void read(long first, int length, Chunk chunk) {
    scores.read(first, chunk.scores, length);
    boolean anyNaN = Keys.of(chunk.scores, chunk.keys, length);
    for (int i = 0; i < length; i += Bits.WORD) {
      int bits = Math.min(Bits.WORD, length - i);
      long pruned = ~Bits.from(remaining(), first + i) & Bits.low(bits);
      for (; pruned != 0; pruned &= pruned - 1) {
        int index = i + Long.numberOfTrailingZeros(pruned);
        chunk.keys[index] = Keys.PRUNED;
      }
    }
    if (anyNaN) {
      requireNumbers(first, length, chunk);
    }
  }

  /**
   * Writes the keys of some units to the start of ints, also of those that do not remain.
   *
   * @return whether all scores are numbers; if not, the keys mean nothing
   */
  final boolean readAll(long first, int length, Ints ints) {
    return ints.read(scores, first, length);
  }

  /**
   * Writes the keys of some units to the start of ints, {@link Ints#PRUNED} for those that do not
   * remain.
   *
   * @return whether all scores are numbers; if not, the keys mean nothing
   */
  final boolean read(long first, int length, Ints ints) {
    if (!ints.read(scores, first, length)) {
      return false;
    }
    for (int i = 0; i < length; i += Bits.WORD) {
      int bits = Math.min(Bits.WORD, length - i);
      long pruned = ~Bits.from(remaining(), first + i) & Bits.low(bits);
      for (; pruned != 0; pruned &= pruned - 1) {
        ints.keys[i + Long.numberOfTrailingZeros(pruned)] = Ints.PRUNED;
      }
    }
    return true;
  }

  private void requireNumbers(long first, int length, Chunk chunk) {
    for (int i = 0; i < length; i++) {
      if (Float.isNaN(chunk.scores[i]) && chunk.keys[i] != Keys.PRUNED) {
        throw new IllegalArgumentException(
            "%s: the score of %s is NaN; scores must be numbers or infinite"
                .formatted(weight, where(first + i)));
      }
    }
  }
}

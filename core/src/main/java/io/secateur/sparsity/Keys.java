package io.secateur.sparsity;

/**
 * Scores as longs of the same order: equal scores have equal keys, -0.0 that of 0.0. A float's key
 * uses the upper half only.
 */
final class Keys {
  /** The key of a unit that is pruned already: above that of every score, infinity included. */
  static final long PRUNED = Long.MAX_VALUE;

  private Keys() {}

  static long of(double score) {
    long bits = Double.doubleToRawLongBits(score + 0.0);
    return bits ^ (bits >> 63 & Long.MAX_VALUE);
  }

  static long of(float score) {
    int bits = Float.floatToRawIntBits(score + 0f);
    return (long) (bits ^ (bits >> 31 & Integer.MAX_VALUE)) << 32;
  }

  /** Returns the score that has this key, 0.0 for that of both zeros. */
  static double toDouble(long key) {
    return Double.longBitsToDouble(key ^ (key >> 63 & Long.MAX_VALUE));
  }

  /** Returns the float that has this key, 0.0 for that of both zeros. */
  static float toFloat(long key) {
    int bits = (int) (key >> 32);
    return Float.intBitsToFloat(bits ^ (bits >> 31 & Integer.MAX_VALUE));
  }

  /** Returns the key of the highest float that is at most {@code score}. */
  static long ofFloatAtMost(double score) {
    float nearest = (float) score;
    return of(nearest > score ? Math.nextDown(nearest) : nearest);
  }

  /**
   * Writes the keys of some scores.
   *
   * @return whether one of them is NaN, whose key is meaningless
   */
  static boolean of(float[] scores, long[] keys, int length) {
    int highest = 0;
    for (int i = 0; i < length; i++) {
      int bits = Float.floatToRawIntBits(scores[i] + 0f);
      highest = Math.max(highest, bits & Integer.MAX_VALUE);
      keys[i] = (long) (bits ^ (bits >> 31 & Integer.MAX_VALUE)) << 32;
    }
    return highest > Float.floatToRawIntBits(Float.POSITIVE_INFINITY);
  }
}

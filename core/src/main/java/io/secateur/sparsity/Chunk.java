package io.secateur.sparsity;

/** What one thread reads into: scores, and the {@link Keys} of as many units. */
final class Chunk {
  /** Units passed over at a time: their scores and keys stay in a core's cache. */
  static final int UNITS = 1 << 12;

  final float[] scores;
  final long[] keys;

  Chunk(int units) {
    scores = new float[units];
    keys = new long[units];
  }

  int capacity() {
    return keys.length;
  }
}

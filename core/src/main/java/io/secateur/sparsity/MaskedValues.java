package io.secateur.sparsity;

import java.nio.FloatBuffer;

/** Holds values to a mask's bits, 64 at a time; by choice, for a product leaves -0.0 and NaN. */
final class MaskedValues {
  private MaskedValues() {}

  static void zero(long[] words, FloatBuffer values, long first) {
    float[] zeros = new float[Bits.WORD];
    int end = values.limit();
    long cell = first;
    for (int index = values.position(); index < end; ) {
      int length = Math.min(Bits.WORD - (int) (cell & 63), end - index);
      long pruned = pruned(words, cell, length);
      if (pruned == Bits.low(length)) {
        values.put(index, zeros, 0, length);
      } else {
        for (; pruned != 0; pruned &= pruned - 1) {
          values.put(index + Long.numberOfTrailingZeros(pruned), 0f);
        }
      }
      index += length;
      cell += length;
    }
  }

  static long revived(long[] words, FloatBuffer values, long first) {
    long revived = 0;
    int end = values.limit();
    long cell = first;
    for (int index = values.position(); index < end; ) {
      int length = Math.min(Bits.WORD - (int) (cell & 63), end - index);
      for (long pruned = pruned(words, cell, length); pruned != 0; pruned &= pruned - 1) {
        if (values.get(index + Long.numberOfTrailingZeros(pruned)) != 0) {
          revived++;
        }
      }
      index += length;
      cell += length;
    }
    return revived;
  }

  private static long pruned(long[] words, long cell, int length) {
    return ~(words[(int) (cell >>> 6)] >>> cell) & Bits.low(length);
  }
}

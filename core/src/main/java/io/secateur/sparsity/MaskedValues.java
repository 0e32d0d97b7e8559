package io.secateur.sparsity;

import java.nio.FloatBuffer;
import java.util.Arrays;

/** Holds values to a mask's bits, 64 at a time; by choice, for a product leaves -0.0 and NaN. */
final class MaskedValues {
  private MaskedValues() {}

  static void zero(long[] words, FloatBuffer values, long first) {
    if (values.hasArray()) {
      int from = values.arrayOffset() + values.position();
      zero(words, values.array(), from, from + values.remaining(), first);
      return;
    }
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

  private static void zero(long[] words, float[] values, int from, int end, long first) {
    float[] kept = new float[Bits.WORD];
    long cell = first;
    for (int index = from; index < end; ) {
      int length = Math.min(Bits.WORD - (int) (cell & 63), end - index);
      long pruned = pruned(words, cell, length);
      if (2 * Long.bitCount(pruned) <= length) {
        for (; pruned != 0; pruned &= pruned - 1) {
          values[index + Long.numberOfTrailingZeros(pruned)] = 0;
        }
      } else {
        // Fewer to put back than to zero.
        int count = 0;
        for (long rest = ~pruned & Bits.low(length); rest != 0; rest &= rest - 1) {
          kept[count++] = values[index + Long.numberOfTrailingZeros(rest)];
        }
        Arrays.fill(values, index, index + length, 0);
        count = 0;
        for (long rest = ~pruned & Bits.low(length); rest != 0; rest &= rest - 1) {
          values[index + Long.numberOfTrailingZeros(rest)] = kept[count++];
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

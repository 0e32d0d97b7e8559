package io.secateur.sparsity;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/**
 * What one thread reads many scores into: as ints of the same order, equal scores as equal ints,
 * both zeros as 0. Loops over them become vectors, or at least have no branches.
 */
final class Ints {
  /** Above the key of every score, infinity included: that of a unit that is pruned already. */
  static final int PRUNED = Integer.MAX_VALUE;

  /** The key of infinity; that of its negative is the negative key. */
  static final int INFINITY = 0x7f80_0000;

  final int[] keys;
  private final float[] scores;

  // The same memory twice: the quickest way from floats to their bits.
  private final FloatBuffer floats;
  private final IntBuffer bits;

  Ints(int units) {
    keys = new int[units];
    scores = new float[units];
    ByteBuffer memory =
        ByteBuffer.allocateDirect(Math.multiplyExact(units, Float.BYTES))
            .order(ByteOrder.nativeOrder());
    floats = memory.asFloatBuffer();
    bits = memory.asIntBuffer();
  }

  /**
   * Writes the keys of some scores to the start of {@link #keys}.
   *
   * @return whether all are numbers; if not, the keys mean nothing
   */
  boolean read(Scores from, long first, int length) {
    from.read(first, scores, length);
    floats.put(0, scores, 0, length);
    bits.get(0, keys, 0, length);
    return numbers(keys, length);
  }

  private static boolean numbers(int[] keys, int length) {
    
    int others = 0;
    for (int i = 0; i < length; i++) {
      int magnitude = keys[i] & Integer.MAX_VALUE;
      int sign = keys[i] >> 31;
      others += (INFINITY - magnitude) >>> 31;
      // Magnitudes count upwards from 0; below it they count downwards.
      keys[i] = (magnitude ^ sign) - sign;
    }
    return others == 0;
  }
}

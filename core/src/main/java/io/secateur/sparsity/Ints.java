package io.secateur.sparsity;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.util.Arrays;

/**
 * What one thread reads many scores into: as ints of the same order, equal scores as equal ints,
 * both zeros as 0. Loops over them become vectors, or at least have no branches.
 */
final class Ints {
  /** Above the key of every score, infinity included: that of a unit that is pruned already. */
  static final int PRUNED = Integer.MAX_VALUE;

  /** The key of infinity; that of its negative is the negative key. */
  static final int INFINITY = 0x7f80_0000;

  /** The most units that are read at a time. */
  static final int UNITS = Chunk.UNITS;

  final int[] keys = new int[UNITS];
  private final float[] scores = new float[UNITS];
  private final int[] raw = new int[UNITS];
  private final int[] folded = new int[UNITS / 4];

  // The same memory twice: the quickest way from floats to their bits.
  private final FloatBuffer floats;
  private final IntBuffer bits;

  Ints() {
    ByteBuffer memory =
        ByteBuffer.allocateDirect(UNITS * Float.BYTES).order(ByteOrder.nativeOrder());
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
    bits.get(0, raw, 0, length);
    return length < UNITS / 4 ? convert(length) : convertAll(length);
  }

  private boolean convert(int length) {
    int others = 0;
    for (int i = 0; i < length; i++) {
      int magnitude = raw[i] & Integer.MAX_VALUE;
      int sign = raw[i] >> 31;
      others |= INFINITY - magnitude;
      // Magnitudes count upwards from 0; below it they count downwards.
      keys[i] = (magnitude ^ sign) - sign;
    }
    return others >= 0;
  }

  /** Converts a whole block, with 0 behind what was read: loops of a known length are quicker. */
  private boolean convertAll(int length) {
    Arrays.fill(raw, length, UNITS, 0);
    for (int i = 0; i < UNITS; i++) {
      int magnitude = raw[i] & Integer.MAX_VALUE;
      int sign = raw[i] >> 31;
      keys[i] = (magnitude ^ sign) - sign;
    }
    for (int i = 0; i < UNITS / 4; i++) {
      folded[i] =
          (INFINITY - (raw[i] & Integer.MAX_VALUE))
              | (INFINITY - (raw[i + UNITS / 4] & Integer.MAX_VALUE))
              | (INFINITY - (raw[i + UNITS / 2] & Integer.MAX_VALUE))
              | (INFINITY - (raw[i + 3 * UNITS / 4] & Integer.MAX_VALUE));
    }
    for (int i = 0; i < UNITS / 16; i++) {
      folded[i] |= folded[i + UNITS / 16] | folded[i + UNITS / 8] | folded[i + 3 * UNITS / 16];
    }
    int others = 0;
    for (int i = 0; i < UNITS / 16; i++) {
      others |= folded[i];
    }
    return others >= 0;
  }
}

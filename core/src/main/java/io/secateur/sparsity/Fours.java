package io.secateur.sparsity;

/** Tiles of four cells that all remain: which go is looked up by how the four compare. */
final class Fours {
  static final int CELLS = 4;

  /** By six comparisons, the bits of the cells that go. */
  private final byte[] lost = new byte[1 << 6];

  /**
   * @param amount of each tile
   */
  Fours(Amount amount) {
    long more = amount.more(CELLS, CELLS);
    for (int compared = 0; compared < lost.length; compared++) {
      int[] before = new int[CELLS];
      int bit = 0;
      for (int former = 0; former < CELLS; former++) {
        for (int latter = former + 1; latter < CELLS; latter++) {
          // Of equals the former goes first.
          boolean lower = (compared >>> bit++ & 1) != 0;
          before[lower ? former : latter]++;
        }
      }
      for (int cell = 0; cell < CELLS; cell++) {
        lost[compared] |= (byte) (before[cell] < more ? 1 << cell : 0);
      }
    }
  }

  /**
   * Prunes whole tiles.
   *
   * @param first the cell that the keys begin with
   * @param length a multiple of 4
   */
  void prune(Units units, long first, int length, int[] keys) {
    for (int start = 0; start < length; start += Bits.WORD) {
      int end = Math.min(start + Bits.WORD, length);
      long word = 0;
      for (int i = start; i < end; i += CELLS) {
        long a = keys[i];
        long b = keys[i + 1];
        long c = keys[i + 2];
        long d = keys[i + 3];
        int compared =
            (int)
                (((b - a) >>> 63)
                    | (((c - a) >>> 63) << 1)
                    | (((d - a) >>> 63) << 2)
                    | (((c - b) >>> 63) << 3)
                    | (((d - b) >>> 63) << 4)
                    | (((d - c) >>> 63) << 5));
        word |= (long) lost[compared] << (i - start);
      }
      units.prune(first + start, 1, word);
    }
  }
}

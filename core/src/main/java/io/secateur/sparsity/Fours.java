package io.secateur.sparsity;

/** Tiles of four cells: which go is looked up by how the four compare, and by which remain. */
final class Fours {
  static final int CELLS = 4;

  private static final int REMAINING = (1 << CELLS) - 1;
  private static final long ONE_OF_FOUR = 0x1111_1111_1111_1111L;

  private final Amount amount;
  private final Ints ints = new Ints();

  /** By six comparisons, then by the bits of the cells that remain, the bits of those that go. */
  private final byte[] lost = new byte[1 << (6 + CELLS)];

  /**
   * @param amount of each tile
   */
  Fours(Amount amount) {
    this.amount = amount;
    for (int index = 0; index < lost.length; index++) {
      int remaining = index & REMAINING;
      long more = amount.more(CELLS, Integer.bitCount(remaining));
      int[] before = before(index >>> CELLS, remaining);
      for (int cell = 0; cell < CELLS; cell++) {
        boolean goes = (remaining >>> cell & 1) != 0 && before[cell] < more;
        lost[index] |= (byte) (goes ? 1 << cell : 0);
      }
    }
  }

  /** Returns how many of those that remain go before each cell. */
  private static int[] before(int compared, int remaining) {
    int[] before = new int[CELLS];
    int bit = 0;
    for (int former = 0; former < CELLS; former++) {
      for (int latter = former + 1; latter < CELLS; latter++) {
        // Of equals the former goes first.
        boolean lower = (compared >>> bit++ & 1) != 0;
        int first = lower ? latter : former;
        before[lower ? former : latter] += remaining >>> first & 1;
      }
    }
    return before;
  }

  /**
   * Prunes neighbouring tiles as the quota says, which counts what happened.
   *
   * @param length at most {@link Ints#UNITS}
   * @return false where cells are no whole tiles, a score is NaN, or one tile has not so many cells
   *     as are to go: nothing was pruned or asked for then
   */
  boolean prune(CellUnits units, long first, int length, Quota quota) {
    if (length % CELLS != 0 || !units.readAll(first, length, ints) || !ask(units, first, length, quota)) {
      return false;
    }
    for (int start = 0; start < length; start += Bits.WORD) {
      int cells = Math.min(Bits.WORD, length - start);
      long remaining = Bits.from(units.remaining(), first + start);
      units.prune(first + start, 1, lost(ints.keys, start, cells, remaining));
    }
    return true;
  }

  private boolean ask(Units units, long first, int length, Quota quota) {
    long[] tiles = new long[CELLS + 1];
    for (int start = 0; start < length; start += Bits.WORD) {
      long bits = Bits.from(units.remaining(), first + start) & Bits.low(Math.min(Bits.WORD, length - start));
      long pairs = bits - (bits >>> 1 & 5 * ONE_OF_FOUR);
      long counts = (pairs & 3 * ONE_OF_FOUR) + (pairs >>> 2 & 3 * ONE_OF_FOUR);
      long four = counts >>> 2 & ONE_OF_FOUR;
      long two = counts >>> 1 & ONE_OF_FOUR;
      long one = counts & ONE_OF_FOUR;
      tiles[1] += Long.bitCount(one & ~two);
      tiles[2] += Long.bitCount(two & ~one);
      tiles[3] += Long.bitCount(one & two);
      tiles[4] += Long.bitCount(four);
    }
    tiles[0] = length / CELLS - tiles[1] - tiles[2] - tiles[3] - tiles[4];
    for (int remaining = 0; remaining <= CELLS; remaining++) {
      if (tiles[remaining] > 0 && amount.more(CELLS, remaining) > remaining) {
        return false;
      }
    }
    for (int remaining = 0; remaining <= CELLS; remaining++) {
      if (tiles[remaining] > 0) {
        quota.more(CELLS, remaining, tiles[remaining]);
      }
    }
    return true;
  }

  /** Returns the bits of up to 64 cells that go. */
  private long lost(int[] keys, int start, int cells, long remaining) {
    long word = 0;
    long rest = remaining;
    for (int i = start; i < start + cells; i += CELLS) {
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
      word |= (long) lost[(compared << CELLS) | ((int) rest & REMAINING)] << (i - start);
      rest >>>= CELLS;
    }
    return word;
  }
}

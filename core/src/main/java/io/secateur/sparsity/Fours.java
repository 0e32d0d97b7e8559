package io.secateur.sparsity;

/** Tiles of four cells: which go is looked up by how the four compare, and by which remain. */
final class Fours {
  static final int CELLS = 4;

  private static final int REMAINING = (1 << CELLS) - 1;
  private static final int COMPARISONS = 6;
  private static final long ONE_OF_FOUR = 0x1111_1111_1111_1111L;

  private final Amount amount;
  private final Ints ints = new Ints();

  /** By the bits of the cells that remain, then by six comparisons, the bits of those that go. */
  private final byte[] lost = new byte[1 << (CELLS + COMPARISONS)];

  /**
   * @param amount of each tile
   */
  Fours(Amount amount) {
    this.amount = amount;
    for (int index = 0; index < lost.length; index++) {
      int remaining = index >>> COMPARISONS;
      long more = amount.more(CELLS, Integer.bitCount(remaining));
      int[] before = before(index & ((1 << COMPARISONS) - 1), remaining);
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
    if (length % CELLS != 0
        || !units.readAll(first, length, ints)
        || !ask(units, first, length, quota)) {
      return false;
    }
    for (int start = 0; start < length; start += Bits.WORD) {
      int end = Math.min(start + Bits.WORD, length);
      long remaining = Bits.from(units.remaining(), first + start);
      units.prune(
          first + start,
          1,
          remaining == -1L ? lost(ints.keys, start, end) : lost(ints.keys, start, end, remaining));
    }
    return true;
  }

  private boolean ask(Units units, long first, int length, Quota quota) {
    long[] tiles = new long[CELLS + 1];
    for (int start = 0; start < length; start += Bits.WORD) {
      long bits =
          Bits.from(units.remaining(), first + start)
              & Bits.low(Math.min(Bits.WORD, length - start));
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

  /** Returns the bits of up to 64 cells that go, where all remain. */
  private long lost(int[] keys, int start, int end) {
    long word = 0;
    for (int i = start; i < end; i += CELLS) {
      word |= (long) lost[compared(keys, i) | (REMAINING << COMPARISONS)] << (i - start);
    }
    return word;
  }

  /** Returns the bits of up to 64 cells that go, of those that remain. */
  private long lost(int[] keys, int start, int end, long remaining) {
    long word = 0;
    long rest = remaining;
    for (int i = start; i < end; i += CELLS) {
      int tile = (int) rest & REMAINING;
      word |= (long) lost[compared(keys, i) | (tile << COMPARISONS)] << (i - start);
      rest >>>= CELLS;
    }
    return word;
  }

  /** Returns how four cells compare: a bit for each two, 1 where the latter is lower. */
  private static int compared(int[] keys, int first) {
    long a = keys[first];
    long b = keys[first + 1];
    long c = keys[first + 2];
    long d = keys[first + 3];
    return (int)
        (((b - a) >>> 63)
            | (((c - a) >>> 63) << 1)
            | (((d - a) >>> 63) << 2)
            | (((c - b) >>> 63) << 3)
            | (((d - b) >>> 63) << 4)
            | (((d - c) >>> 63) << 5));
  }
}

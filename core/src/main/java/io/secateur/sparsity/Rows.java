package io.secateur.sparsity;

import java.util.Arrays;

/**
 * Rows of one weight, whose cuts lie near each other: where those of the rows before lay says which
 * band of keys the next are looked for in, and one pass over several rows decides all units but the
 * few within it. The cut of a row that lies elsewhere is found in that row alone; what goes never
 * depends on the rows before.
 */
final class Rows {
  /** Shorter rows have too many units within any band. */
  static final int LEAST = 1 << 7;

  private static final int TOGETHER = 1 << 15;
  private static final int DIGIT = 8;

  /** Fewer keys are sorted. */
  private static final int FEW = 12;

  private final FloatUnits units;
  private final int length;
  private final Band band = new Band();

  /** By unit of the rows at hand: it goes. */
  private final long[] lost;

  /** By unit of the rows at hand: its key is among those listed. */
  private final long[] within;

  private final int[] listed;
  private final int[] few;
  private final int[] counts = new int[1 << DIGIT];
  private final int[] row;
  private final Ints ints = new Ints(Band.UNITS);
  private final Narrowing narrowing;

  private boolean predicting;
  private long middle;
  private long side;
  private int lowest;
  private int highest;

  Rows(FloatUnits units, int length) {
    this.units = units;
    this.length = length;
    int most = Math.max(1, TOGETHER / length) * length;
    lost = new long[Bits.words(most) + Band.UNITS / Bits.WORD];
    within = new long[lost.length];
    listed = new int[most];
    few = new int[length];
    row = new int[length];
    narrowing = new Narrowing(length);
  }

  /** Returns how many rows are best pruned together. */
  int together() {
    return predicting ? Math.max(1, TOGETHER / length) : 1;
  }

  /**
   * Prunes every row as the quota says, which counts what happened.
   *
   * @param end at most {@link #together} rows behind
   * @return false when a score is NaN; nothing was pruned or asked for then
   */
  boolean prune(long first, long end, Quota quota) {
    int size = (int) (end - first);
    lowest = (int) Math.max(-Ints.INFINITY, middle - side);
    highest = (int) Math.min(Ints.INFINITY, middle + side);
    int found = 0;
    for (int at = 0; at < size; at += Band.UNITS) {
      int length = Math.min(Band.UNITS, size - at);
      if (!band.read(units, first + at, length, lowest, highest)) {
        return false;
      }
      System.arraycopy(band.lower, 0, lost, at / Bits.WORD, band.lower.length);
      System.arraycopy(band.within, 0, within, at / Bits.WORD, band.within.length);
      for (int word = 0; word < Bits.words(length); word++) {
        band.keys(word, listed, found);
        found += Long.bitCount(band.within[word]);
      }
    }
    int next = 0;
    for (int start = 0; start < size; start += length) {
      int own = (int) Bits.count(within, start, start + length);
      decide(first, start, next, own, quota);
      next += own;
    }
    for (int at = 0; at < size; at += Bits.WORD) {
      units.prune(first + at, 1, lost[at / Bits.WORD]);
    }
    return true;
  }

  /**
   * Decides one row.
   *
   * @param next where the keys of its units within the band are listed
   * @param found how many these are
   */
  private void decide(long first, int start, int next, int found, Quota quota) {
    int end = start + length;
    long remaining = units.remaining(first + start, first + end);
    long more = quota.more(length, remaining);
    if (more == 0 || more == remaining) {
      Bits.clear(lost, start, end);
      if (more > 0) {
        Bits.set(lost, start, end);
      }
      return;
    }
    long rank = more - Bits.count(lost, start, end);
    if (rank > 0 && rank <= found) {
      Cut cut = cut(next, found, rank);
      prune(start, next, cut);
      hit(cut.key());
    } else if (rank != 0) {
      Bits.clear(lost, start, end);
      search(first + start, start, more, remaining);
    }
  }

  /** Finds where the lowest of some keys listed are cut off, digit by digit. */
  private Cut cut(int next, int found, long rank) {
    System.arraycopy(listed, next, few, 0, found);
    long wanted = rank;
    long known = lowest;
    long width = (long) highest - lowest + 1;
    int left = found;
    while (width > 1 && left > FEW) {
      int shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(width - 1) - DIGIT);
      Arrays.fill(counts, 0);
      for (int i = 0; i < left; i++) {
        counts[(int) ((few[i] - known) >>> shift)]++;
      }
      int digit = 0;
      while (counts[digit] < wanted) {
        wanted -= counts[digit];
        digit++;
      }
      int alike = 0;
      for (int i = 0; i < left; i++) {
        int key = few[i];
        few[alike] = key;
        alike += (int) ((key - known) >>> shift) == digit ? 1 : 0;
      }
      left = alike;
      known += (long) digit << shift;
      width = 1L << shift;
    }
    if (width == 1) {
      return new Cut(known, wanted);
    }
    Arrays.sort(few, 0, left);
    int key = few[(int) wanted - 1];
    int lower = 0;
    while (few[lower] < key) {
      lower++;
    }
    return new Cut(key, wanted - lower);
  }

  /** Prunes what a cut says of a row's units within the band. */
  private void prune(int start, int next, Cut cut) {
    long left = cut.equals();
    int at = next;
    int end = start + length;
    for (long index = start; index < end; index = Bits.nextWord(index)) {
      int word = (int) (index >>> 6);
      long gone = 0;
      for (long rest = within[word] & Bits.within(index, end); rest != 0; rest &= rest - 1) {
        long above = listed[at++] - cut.key();
        gone |= Long.lowestOneBit(rest) & above >> 63;
        if (above == 0 && left > 0) {
          left--;
          gone |= Long.lowestOneBit(rest);
        }
      }
      lost[word] |= gone;
    }
  }

  /** The band follows the cuts, and narrows slowly. */
  private void hit(long key) {
    middle += (key - middle) >> 3;
    side -= side >> 7;
  }

  /** Finds the cut of one row by itself, and widens the band. */
  private void search(long first, int start, long more, long remaining) {
    for (int at = 0; at < length; at += Band.UNITS) {
      int some = Math.min(Band.UNITS, length - at);
      units.read(first + at, some, ints);
      System.arraycopy(ints.keys, 0, row, at, some);
    }
    Cut cut = narrowing.lowest(row, length, more);
    long left = cut.equals();
    for (int at = 0; at < length; at += Bits.WORD) {
      int end = Math.min(length, at + Bits.WORD);
      long lower = 0;
      long same = 0;
      for (int i = at; i < end; i++) {
        lower |= ((row[i] - cut.key()) >>> 63) << (i - at);
        same |= ((row[i] - cut.key() - 1) >>> 63) << (i - at);
      }
      same = Bits.lowest(same & ~lower, left);
      left -= Long.bitCount(same);
      Bits.or(lost, start + at, lower | same);
    }
    if (predicting) {
      middle += (cut.key() - middle) >> 2;
      side += (side >> 1) + 16;
    } else {
      // Two rows of the same distribution hardly differ by more places.
      long places = (long) (2 * Math.sqrt(length));
      long low = narrowing.lowest(row, length, Math.max(1, more - places)).key();
      long high = narrowing.lowest(row, length, Math.min(remaining, more + places)).key();
      middle = cut.key();
      side = Math.max(middle - low, high - middle);
      predicting = true;
    }
  }
}

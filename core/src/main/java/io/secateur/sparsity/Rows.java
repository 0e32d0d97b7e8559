package io.secateur.sparsity;

import java.util.Arrays;

/**
 * Rows of one weight, whose cuts lie near each other: where those of the rows before lay says which
 * band of keys the next are looked for in, and one pass over several rows decides all units but the
 * few within it. A row whose cut lies elsewhere is passed over again, in a band by a sample of its
 * own. What goes never depends on the rows before.
 */
final class Rows {
  /** Shorter rows have too many units within any band. */
  static final int LEAST = 1 << 7;

  private static final int TOGETHER = 1 << 15;

  /** Where shorter rows are by themselves, all their keys are looked at. */
  private static final int SAMPLED = 1 << 11;

  private static final int RUN = 16;
  private final FloatUnits units;
  private final int length;
  private final Band band = new Band();

  /** By unit of the rows at hand: it goes. */
  private final long[] lost;

  /** By unit of the rows at hand: its key is among those listed. */
  private final long[] within;

  private final int[] listed;
  private final Few few;
  private final Ints ints = new Ints();
  private final int[] sample;

  private boolean predicting;
  private long middle;
  private long side;
  private int lowest;
  private int highest;

  /** The rows at hand whose cuts lie outside the band, and how many of their units go. */
  private final long[] missed;

  private final long[] wanted;
  private int misses;

  Rows(FloatUnits units, int length) {
    this.units = units;
    this.length = length;
    int most = Math.max(1, TOGETHER / length);
    lost = new long[Bits.words((long) most * length) + Band.UNITS / Bits.WORD];
    within = new long[lost.length];
    listed = new int[most * length];
    few = new Few(length);
    sample = new int[(length < TOGETHER / 4 ? 8 : 24) * RUN];
    missed = new long[most];
    wanted = new long[most];
  }

  /** Returns how many rows are best pruned together. */
  int together() {
    return predicting ? missed.length : 1;
  }

  /**
   * Prunes every row as the quota says, which counts what happened.
   *
   * @param end at most {@link #together} rows behind
   * @return false when a score is NaN; nothing was pruned or asked for then
   */
  boolean prune(long first, long end, Quota quota) {
    if (predicting) {
      aim(middle - side, middle + side);
    } else if (length < SAMPLED) {
      aim(0, 0);
    } else {
      long remaining = units.remaining(first, end);
      aim(first, quota.amount().more(length, remaining), remaining);
    }
    if (!read(first, end)) {
      return false;
    }
    misses = 0;
    int next = 0;
    for (int start = 0; start < end - first; start += length) {
      long remaining = units.remaining(first + start, first + start + length);
      long more = quota.more(length, remaining);
      int found = (int) Bits.count(within, start, start + length);
      if (more == 0 || more == remaining) {
        Bits.clear(lost, start, start + length);
        if (more > 0) {
          Bits.set(lost, start, start + length);
        }
      } else if (!decide(start, next, found, more)) {
        Bits.clear(lost, start, start + length);
        missed[misses] = first + start;
        wanted[misses++] = more;
      }
      next += found;
    }
    apply(first, end);
    if (predicting) {
      adapt((end - first) / length);
    }
    for (int i = 0; i < misses; i++) {
      pruneAlone(missed[i], wanted[i]);
    }
    return true;
  }

  private void pruneAlone(long first, long more) {
    if (length < SAMPLED) {
      rank(first, more);
      return;
    }
    aim(first, more, units.remaining(first, first + length));
    read(first, first + length);
    if (!decide(0, 0, (int) Bits.count(within, 0, length), more)) {
      // The sample has misled, too.
      aim(-Ints.INFINITY, Ints.INFINITY);
      read(first, first + length);
      decide(0, 0, (int) Bits.count(within, 0, length), more);
    }
    apply(first, first + length);
  }

  /** Prunes one short row by all its keys. */
  private void rank(long first, long more) {
    units.read(first, length, ints);
    int found = 0;
    for (int i = 0; i < length; i++) {
      listed[found] = ints.keys[i];
      found += ints.keys[i] == Ints.PRUNED ? 0 : 1;
    }
    aim(-Ints.INFINITY, Ints.INFINITY);
    Cut cut = few.cut(listed, 0, found, more, lowest, highest);
    long left = cut.equals();
    for (int start = 0; start < length; start += Bits.WORD) {
      long lower = 0;
      long same = 0;
      for (int i = Math.min(length, start + Bits.WORD) - 1; i >= start; i--) {
        long above = ints.keys[i] - cut.key();
        lower = (lower << 1) | (above >>> 63);
        same = (same << 1) | ((above - 1) >>> 63);
      }
      same = Bits.lowest(same & ~lower, left);
      left -= Long.bitCount(same);
      units.prune(first + start, 1, lower | same);
    }
    if (!predicting) {
      // Of two rows of one distribution the cuts hardly differ by more places.
      long places = (long) (2 * Math.sqrt(length));
      long lower = few.cut(listed, 0, found, Math.max(1, more - places), lowest, highest).key();
      long higher =
          few.cut(listed, 0, found, Math.min(found, more + places), lowest, highest).key();
      side = Math.max(cut.key() - lower, higher - cut.key());
      predicting = true;
    }
    middle = cut.key();
  }

  private void aim(long from, long to) {
    lowest = (int) Math.max(-Ints.INFINITY, from);
    highest = (int) Math.min(Ints.INFINITY, to);
  }

  /** Aims at the cut of one row by some of its keys. */
  private void aim(long first, long more, long remaining) {
    int found = 0;
    for (int i = 0; i < sample.length; i += RUN) {
      if (!units.read(first + (long) (length - RUN) * i / sample.length, RUN, ints)) {
        break;
      }
      for (int j = 0; j < RUN; j++) {
        sample[found] = ints.keys[j];
        found += ints.keys[j] == Ints.PRUNED ? 0 : 1;
      }
    }
    Arrays.sort(sample, 0, found);
    double place = (double) more / Math.max(1, remaining) * found;
    // By so many places the cut is missed once in a hundred times.
    double margin = 1.25 * Math.sqrt(found);
    int from = (int) Math.max(-1, place - margin);
    int to = (int) Math.min(found, place + margin);
    aim(
        from < 0 ? -Ints.INFINITY : sample[Math.min(from, found - 1)],
        to < found ? sample[Math.max(0, to)] : Ints.INFINITY);
  }

  /** Compares all units of some rows with the band; returns false when a score is NaN. */
  private boolean read(long first, long end) {
    int size = (int) (end - first);
    int found = 0;
    for (int at = 0; at < size; at += Band.UNITS) {
      int some = Math.min(Band.UNITS, size - at);
      if (!band.read(units, first + at, some, lowest, highest)) {
        return false;
      }
      System.arraycopy(band.lower, 0, lost, at / Bits.WORD, band.lower.length);
      System.arraycopy(band.within, 0, within, at / Bits.WORD, band.within.length);
      for (int word = 0; word < Bits.words(some); word++) {
        band.keys(word, listed, found);
        found += Long.bitCount(band.within[word]);
      }
    }
    return true;
  }

  private void apply(long first, long end) {
    for (long at = 0; at < end - first; at += Bits.WORD) {
      units.prune(first + at, 1, lost[(int) (at >>> 6)]);
    }
  }

  /**
   * Decides one row.
   *
   * @param next where the keys of its units within the band are listed
   * @param found how many these are
   * @param more how many go, from 1 to one less than remain
   * @return false when its cut lies outside the band
   */
  private boolean decide(int start, int next, int found, long more) {
    long rank = more - Bits.count(lost, start, start + length);
    if (rank < 0 || rank > found) {
      return false;
    }
    if (rank > 0) {
      Cut cut = few.cut(listed, next, found, rank, lowest, highest);
      prune(start, next, cut);
      follow(cut.key(), found);
    }
    return true;
  }

  /** The band widens where it misses one row in sixteen, and narrows slowly where it does not. */
  private void adapt(long rows) {
    side += 16L * misses > rows ? side / 2 + 1 : -(side * Math.min(rows, 16) / 128);
  }

  /** The band follows the cuts. */
  private void follow(long key, int found) {
    if (!predicting) {
      predicting = true;
      // As far as so many places: cuts of two rows of one distribution hardly differ by more.
      side = (long) (((double) highest - lowest) / Math.max(1, found) * 2 * Math.sqrt(length));
    }
    boolean inside = Math.abs(key - middle) <= side;
    middle = inside ? middle + ((key - middle) >> 3) : key;
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
}

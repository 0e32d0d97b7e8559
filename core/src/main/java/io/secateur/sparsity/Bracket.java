package io.secateur.sparsity;

import io.secateur.sparsity.Pool.Span;
import java.util.Arrays;
import java.util.List;

/**
 * The quick way through one large budget of floats: a sample says between which two scores its cut
 * lies, one pass decides all units but the few between these, and the cut is found among those.
 * What goes is exactly what {@link Pool} prunes; where the sample misleads, or many units lie
 * between because they are equal, nothing has happened and another way must be taken.
 */
final class Bracket {
  /** Smaller budgets are done before a sample would pay. */
  private static final long LEAST = 1 << 17;

  /** The part of a budget that may lie between, at most; beyond it another pass is the cheaper. */
  static final double PART = 0.125;

  private static final int DIGIT = 11;

  private Bracket() {}

  /** Returns whether a budget of these units is worth it. */
  static boolean suits(List<Span> spans, long size) {
    return size >= LEAST && spans.stream().allMatch(span -> span.units() instanceof FloatUnits);
  }

  /**
   * Prunes the lowest of these units.
   *
   * @param sample of these units
   * @param shares what each thread passes over, in index order
   * @param remaining how many of these units are not pruned yet
   * @param more how many go, from 1 to one less than remain
   * @return false when nothing was pruned: another way must be taken
   */
  static boolean prune(Sample sample, List<List<Span>> shares, long remaining, long more) {
    if (sample.small()) {
      return false;
    }
    double part = (double) more / remaining;
    int lowest = sample.lowest(part);
    int highest = sample.highest(part);
    return sample.within(lowest, highest) < PART && prune(shares, remaining, more, lowest, highest);
  }

  /** Prunes the lowest if the cut lies in a band of keys that few units are in. */
  static boolean prune(
      List<List<Span>> shares, long remaining, long more, int lowest, int highest) {
    long most = Math.min(1 << 28, (long) (remaining * PART / shares.size()));
    List<Part> parts =
        shares.stream().map(share -> new Part(share, lowest, highest, most)).toList();
    boolean decided = !Lanes.each(parts, Part::decide).contains(false);
    long rank = more - parts.stream().mapToLong(Part::lower).sum();
    long found = parts.stream().mapToLong(Part::found).sum();
    if (!decided || rank < 0 || rank > found) {
      Lanes.each(parts, Part::undo);
      return false;
    }
    if (rank > 0) {
      cut(parts, rank, lowest, highest);
    }
    return true;
  }

  /** Prunes the lowest of the units between, of equals the first in index order. */
  private static void cut(List<Part> parts, long rank, int lowest, int highest) {
    long wanted = rank;
    long known = lowest;
    long width = (long) highest - lowest + 1;
    int[] counts = new int[1 << DIGIT];
    while (width > 1) {
      int shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(width - 1) - DIGIT);
      Arrays.fill(counts, 0);
      for (Part part : parts) {
        part.count(known, width, shift, counts);
      }
      int digit = 0;
      while (counts[digit] < wanted) {
        wanted -= counts[digit];
        digit++;
      }
      known += (long) digit << shift;
      width = 1L << shift;
    }
    for (Part part : parts) {
      wanted = part.prune((int) known, wanted);
    }
  }
}

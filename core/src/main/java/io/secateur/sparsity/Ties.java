package io.secateur.sparsity;

import io.secateur.sparsity.Pool.Span;
import java.util.List;

/**
 * The way through one large budget of floats many of which are equal: one pass about the score that
 * a sample meets most often where the cut lies decides all units but its equals, of which as many
 * go as are left to go, by their indices. What goes is exactly what {@link Pool} prunes.
 */
final class Ties {
  /** After so many scores that the cut did not lie at, digits find it in fewer passes. */
  private static final int ROUNDS = 3;

  private Ties() {}

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
    for (int round = 0; round < ROUNDS && lowest <= highest; round++) {
      if (sample.within(lowest, highest) < Bracket.PART) {
        return Bracket.prune(shares, remaining, more, lowest, highest);
      }
      int key = sample.commonest(lowest, highest);
      List<Part> parts = shares.stream().map(share -> new Part(share, key, key, 0)).toList();
      boolean decided = !Lanes.each(parts, Part::decide).contains(false);
      long rank = more - parts.stream().mapToLong(Part::lower).sum();
      long found = parts.stream().mapToLong(Part::found).sum();
      if (decided && rank >= 0 && rank <= found) {
        long left = rank;
        for (Part each : parts) {
          left = each.prune(key, left);
        }
        return true;
      }
      Lanes.each(parts, Part::undo);
      if (!decided) {
        return false;
      }
      lowest = rank < 0 ? lowest : key + 1;
      highest = rank < 0 ? key - 1 : highest;
    }
    return false;
  }
}

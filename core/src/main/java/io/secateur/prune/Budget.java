package io.secateur.prune;

import io.secateur.sparsity.Amount;

/**
 * How many cells of a weight, or of one of its rows, go in each block of columns, so that the
 * counts accumulate to exactly what was asked: with nothing pruned before, rint(a n1) - rint(a n0)
 * of a block that brings the cells decided from n0 to n1.
 */
final class Budget {
  private final double fraction;
  private final long total;
  private final boolean lostMore;
  private long seen;
  private long gone;

  /**
   * Of {@code cells}, {@code pruned} are so already.
   *
   * @throws IllegalArgumentException when a count exceeds the cells that remain
   */
  Budget(String name, Amount amount, long cells, long pruned) {
    long remaining = cells - pruned;
    if (amount instanceof Amount.Count count) {
      if (count.units() > remaining) {
        throw new IllegalArgumentException(
            "a count of %,d units was asked of %s, which has %,d left"
                .formatted(count.units(), name, remaining));
      }
      total = count.units();
      fraction = remaining == 0 ? 0 : (double) total / remaining;
      lostMore = false;
    } else if (amount instanceof Amount.OfRemaining of) {
      total = (long) Math.rint(of.fraction() * remaining);
      fraction = of.fraction();
      lostMore = false;
    } else if (amount instanceof Amount.OfAll all) {
      long asked = (long) Math.rint(all.fraction() * cells) - pruned;
      total = Math.max(0, asked);
      lostMore = asked < 0;
      fraction = pruned == 0 ? all.fraction() : remaining == 0 ? 0 : (double) total / remaining;
    } else {
      throw new IllegalArgumentException("an amount below a score has no count: " + amount);
    }
  }

  /** Returns whether more was pruned before than is asked in the end. */
  boolean lostMore() {
    return lostMore;
  }

  /**
   * Returns how many cells go next.
   *
   * @param remaining the cells of the block not pruned before
   * @param last whether this block ends the weight
   */
  long next(long remaining, boolean last) {
    seen += remaining;
    long until = last ? total : (long) Math.rint(fraction * seen);
    long count = Math.max(0, Math.min(remaining, until - gone));
    gone += count;
    return count;
  }
}

package io.secateur.sparsity;

/**
 * How many units of a budget are to be pruned. Exactly that many are, whatever the ties; fractions
 * are rounded half to even, as PyTorch does.
 */
public sealed interface Amount {
  /**
   * Returns how many of a budget's remaining units go: negative when it had already lost more than
   * is asked, above {@code remaining} when there are not so many. With {@link Below} at most so
   * many, those whose score is at most {@link #limit}.
   *
   * @param units all units of the budget, those already pruned included
   * @param remaining those not yet pruned
   */
  long more(long units, long remaining);

  /** Returns the highest score that may go. */
  default double limit() {
    return Double.POSITIVE_INFINITY;
  }

  /** Returns the plain number of a study file, {@code amount: 0.5}: that fraction of all units. */
  static Amount of(double fraction) {
    return new OfAll(fraction);
  }

  /** {@code rint(fraction × units)} of a budget in the end, those already pruned included. */
  record OfAll(double fraction) implements Amount {
    public OfAll {
      fraction = checked(fraction);
    }

    @Override
    public long more(long units, long remaining) {
      return (long) Math.rint(fraction * units) - (units - remaining);
    }
  }

  /** {@code rint(fraction × remaining)} more than are already pruned. */
  record OfRemaining(double fraction) implements Amount {
    public OfRemaining {
      fraction = checked(fraction);
    }

    @Override
    public long more(long units, long remaining) {
      return (long) Math.rint(fraction * remaining);
    }
  }

  /** {@code units} more than are already pruned, as PyTorch's integer amount. */
  record Count(long units) implements Amount {
    public Count {
      if (units < 0) {
        throw new IllegalArgumentException("a count must be at least 0, was " + units);
      }
    }

    @Override
    public long more(long all, long remaining) {
      return units;
    }
  }

  /** Every unit whose score is at most {@code score}. */
  record Below(double score) implements Amount {
    public Below {
      if (Double.isNaN(score)) {
        throw new IllegalArgumentException("the score to prune below must be a number, was NaN");
      }
    }

    @Override
    public long more(long units, long remaining) {
      return remaining;
    }

    @Override
    public double limit() {
      return score;
    }
  }

  private static double checked(double fraction) {
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new IllegalArgumentException("a fraction must be from 0 to 1, was " + fraction);
    }
    return fraction + 0.0; // so that -0.0 equals 0.0 where amounts are compared
  }
}

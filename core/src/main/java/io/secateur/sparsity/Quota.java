package io.secateur.sparsity;

import java.util.Optional;

/** Counts how many units of each budget go, and how many budgets had already lost more. */
final class Quota {
  private final Amount amount;
  private final String whose;
  private long budgets;
  private long overdrawn;
  private long lost;
  private long asked;

  /**
   * @param whose names the weight, or the weights, that the budgets are of
   */
  Quota(Amount amount, String whose) {
    this.amount = amount;
    this.whose = whose;
  }

  Amount amount() {
    return amount;
  }

  /** Returns whether the amount names a score, and not how many go. */
  boolean limited() {
    return amount.limit() < Double.POSITIVE_INFINITY;
  }

  /**
   * Returns how many more of a budget go, from 0 to {@code remaining}.
   *
   * @throws IllegalArgumentException when there are not so many
   */
  long more(long units, long remaining) {
    return more(units, remaining, 1);
  }

  /** Returns how many more go of each of {@code times} budgets that are alike. */
  long more(long units, long remaining, long times) {
    long more = amount.more(units, remaining);
    if (more > remaining) {
      throw new IllegalArgumentException(
          "%s: %d units of a budget of %d were to be pruned, %d of them remain; ask for at most"
                  .formatted(whose, more, units, remaining)
              + " that many");
    }
    budgets += times;
    if (more < 0) {
      overdrawn += times;
      lost += times * (units - remaining);
      asked += times * (units - remaining + more);
      return 0;
    }
    return more;
  }

  /** Returns one for the same budgets that has counted nothing, for another thread. */
  Quota sibling() {
    return new Quota(amount, whose);
  }

  /** Adds what another has counted. */
  void add(Quota other) {
    budgets += other.budgets;
    overdrawn += other.overdrawn;
    lost += other.lost;
    asked += other.asked;
  }

  /** Returns a line about the budgets that stay as they are, where there are any. */
  Optional<String> warning() {
    if (overdrawn == 0) {
      return Optional.empty();
    }
    return Optional.of(
        budgets == 1
            ? "%s: %d units are already pruned, more than the %d asked for; nothing more is pruned"
                .formatted(whose, lost, asked)
            : "%s: in %d of %d budgets more units are already pruned than asked for (%d, not %d);"
                    .formatted(whose, overdrawn, budgets, lost, asked)
                + " nothing more is pruned there");
  }
}

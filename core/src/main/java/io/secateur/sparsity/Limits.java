package io.secateur.sparsity;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/**
 * What bounds a selection besides its amount. Of every weight, or of every space of coupled units:
 *
 * @param keepAtLeast how many units stay whatever is asked: below 1 a fraction of all, rounded up;
 *     from 1 on their number; 0 for none
 * @param roundTo the units that stay are rounded up to a multiple of this, so that fewer go; 1 for
 *     any number
 * @param normalise what scores are divided by before a global comparison
 */
public record Limits(double keepAtLeast, int roundTo, Normalise normalise) {
  /** No limits. */
  public static final Limits NONE = new Limits(0, 1, Normalise.NONE);

  public Limits {
    if (!(keepAtLeast >= 0 && keepAtLeast <= Integer.MAX_VALUE)
        || (keepAtLeast > 1 && keepAtLeast != Math.rint(keepAtLeast))) {
      throw new IllegalArgumentException(
          "keep-at-least must be a fraction below 1 or a whole number of units, was "
              + keepAtLeast);
    }
    if (roundTo < 1) {
      throw new IllegalArgumentException("round-to must be at least 1, was " + roundTo);
    }
    keepAtLeast += 0.0; // so that -0.0 equals 0.0
  }

  /**
   * Refuses what makes no sense in a pattern.
   *
   * @throws IllegalArgumentException with what would be right
   */
  public void requireSuited(Pattern pattern) {
    Scope scope = pattern.scope();
    boolean parts = scope instanceof Scope.Row || scope instanceof Scope.Tile;
    if (keepAtLeast > 0 && parts) {
      throw new IllegalArgumentException(
          "keep-at-least counts the units of a whole weight, and scope %s has budgets within it;"
                  .formatted(word(scope))
              + " use scope layer or global");
    }
    if (roundTo > 1 && (parts || pattern.granularity() instanceof Granularity.Element)) {
      throw new IllegalArgumentException(
          "round-to counts whole units of a weight; use granularity output-units, input-units or"
              + " slice, with scope layer or global");
    }
    if (normalise != Normalise.NONE && !(scope instanceof Scope.Global)) {
      throw new IllegalArgumentException(
          "normalise is for scores of different weights, and under scope %s none compete; use scope"
                  .formatted(word(scope))
              + " global, or leave normalise out");
    }
  }

  private static String word(Scope scope) {
    return scope.getClass().getSimpleName().toLowerCase(Locale.ROOT);
  }

  /** Returns whether the number of units that go may be another than the amount says. */
  public boolean binding() {
    return keepAtLeast > 0 || roundTo > 1;
  }

  /** Returns how many of so many units stay at least. */
  public long floor(long units) {
    if (keepAtLeast >= 1) {
      return Math.min(units, (long) keepAtLeast);
    }
    // As the decimal number that was written: 0.1 of 30 is 3, and not 4.
    return BigDecimal.valueOf(keepAtLeast)
        .multiply(BigDecimal.valueOf(units))
        .setScale(0, RoundingMode.CEILING)
        .longValueExact();
  }

  /**
   * Returns how many of a weight's units may go.
   *
   * @param units all of them, those already pruned included
   * @param remaining those not yet pruned
   */
  public long most(long units, long remaining) {
    return Math.max(0, remaining - floor(units));
  }

  /** Returns how many units go of {@code more}, so that a multiple is left; none if none can. */
  public long rounded(long remaining, long more) {
    long stay = (remaining - more + roundTo - 1) / roundTo * roundTo;
    return Math.max(0, remaining - stay);
  }

  /** Returns why nothing could go of weights with so many units each; nothing when some could. */
  public Optional<String> fault(Collection<Long> units) {
    long largest = 0;
    for (long each : units) {
      if (rounded(each, most(each, each)) > 0) {
        return Optional.empty();
      }
      largest = Math.max(largest, each);
    }
    return units.isEmpty() || !binding()
        ? Optional.empty()
        : Optional.of(
            "keep-at-least %s%s leaves nothing to prune, for no weight has more than %,d units; ask"
                    .formatted(
                        keepAtLeast < 1 ? keepAtLeast : (Object) (long) keepAtLeast,
                        roundTo > 1 ? " with round-to " + roundTo : "",
                        largest)
                + " for less");
  }
}

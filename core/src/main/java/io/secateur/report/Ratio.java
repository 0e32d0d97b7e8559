package io.secateur.report;

import java.util.List;

/**
 * By which factor something changed: the geometric mean over seeds of one ratio each, and its 95 %
 * interval, taken of the logarithms, so that it holds no negative factor and halving weighs as much
 * as doubling.
 *
 * @param low the interval's lower end; NaN when there is none
 * @param high its upper end; NaN when there is none
 * @param n how many seeds
 */
record Ratio(double mean, double low, double high, int n) {
  private static final int LEAST_DIGITS = 2;
  private static final int MOST_DIGITS = 6;

  /** Returns the ratio over seeds of one positive ratio per seed, at least one. */
  static Ratio of(List<Double> perSeed) {
    Interval logarithm = Interval.of(perSeed.stream().map(Math::log).toList());
    return new Ratio(
        Math.exp(logarithm.mean()),
        Math.exp(logarithm.low()),
        Math.exp(logarithm.high()),
        logarithm.n());
  }

  /** Returns whether there is no interval. */
  boolean alone() {
    return Double.isNaN(low);
  }

  /** Returns whether the interval leaves out 1, that is, whether a change is shown. */
  boolean changed() {
    return low > 1 || high < 1;
  }

  /** Returns {@code 0.98 ×}. */
  String factor() {
    return digits().text(mean) + " ×";
  }

  /** Returns {@code 0.95–1.02}. */
  String range() {
    return digits().text(low) + "–" + digits().text(high);
  }

  /** Two digits, or as many more as it takes to tell the interval's ends from its mean and 1. */
  private Numbers digits() {
    Numbers digits = new Numbers(LEAST_DIGITS);
    while (low < high && digits.decimals() < MOST_DIGITS && blurred(digits)) {
      digits = new Numbers(digits.decimals() + 1);
    }
    return digits;
  }

  private boolean blurred(Numbers digits) {
    List<String> ends = List.of(digits.text(low), digits.text(high));
    return ends.contains(digits.text(mean)) || (changed() && ends.contains(digits.text(1)));
  }
}

package io.secateur.report;

import java.util.List;
import org.apache.commons.math3.distribution.TDistribution;

/**
 * By which factor a time changed: the geometric mean over seeds of one ratio each, and its 95 %
 * interval, taken of the logarithms, so that it holds no negative factor and halving weighs as much
 * as doubling.
 *
 * <p>The spread comes from all times taken along the line, not from the two compared alone: what is
 * left of the logarithms after the means of seeds and of iterations (a two-way layout without
 * interaction). Three ratios may agree by chance; with two iterations it is the paired t interval.
 *
 * @param low the interval's lower end; NaN when there is none
 * @param high its upper end; NaN when there is none
 * @param n how many seeds
 */
record Ratio(double mean, double low, double high, int n) {
  private static final int LEAST_DIGITS = 2;
  private static final int MOST_DIGITS = 6;

  /**
   * Returns the ratio of one iteration's times to another's.
   *
   * @param times a row per iteration, at least two, with a positive time for every seed
   * @param last the row that is divided
   * @param first the row that it is divided by
   */
  static Ratio of(List<List<Double>> times, int last, int first) {
    int n = times.get(0).size();
    double[] rows = times.stream().mapToDouble(Ratio::meanLogarithm).toArray();
    double mean = rows[last] - rows[first];
    if (n == 1) {
      return new Ratio(Math.exp(mean), Double.NaN, Double.NaN, n);
    }
    int freedom = (times.size() - 1) * (n - 1);
    double error = Math.sqrt(2 * residuals(times, rows) / freedom / n);
    double half =
        error
            * new TDistribution(freedom)
                .inverseCumulativeProbability((1 + Interval.CONFIDENCE) / 2);
    return new Ratio(Math.exp(mean), Math.exp(mean - half), Math.exp(mean + half), n);
  }

  private static double meanLogarithm(List<Double> times) {
    return times.stream().mapToDouble(Math::log).average().orElseThrow();
  }

  /** Sum of squares of what the means of rows and of seeds leave of the logarithms. */
  private static double residuals(List<List<Double>> times, double[] rows) {
    double sum = 0;
    for (int seed = 0; seed < times.get(0).size(); seed++) {
      double shift = 0;
      for (int row = 0; row < rows.length; row++) {
        shift += (Math.log(times.get(row).get(seed)) - rows[row]) / rows.length;
      }
      for (int row = 0; row < rows.length; row++) {
        double left = Math.log(times.get(row).get(seed)) - rows[row] - shift;
        sum += left * left;
      }
    }
    return sum;
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

package io.secateur.report;

import java.util.Arrays;
import java.util.Collection;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.StatUtils;

/**
 * A mean over seeds, and the half-width of its 95 % interval: Student's t with n − 1 degrees of
 * freedom times the standard error.
 *
 * @param mean the value itself when there is one seed, or when all seeds gave the same
 * @param halfWidth 0 when all seeds gave the same; NaN when there is no interval: one seed, or a
 *     value that is not finite
 * @param n how many seeds
 */
record Interval(double mean, double halfWidth, int n) {
  static final double CONFIDENCE = 0.95;

  /** Returns the interval of the mean of one value per seed, at least one. */
  static Interval of(Collection<Double> perSeed) {
    double[] values = perSeed.stream().mapToDouble(Double::doubleValue).toArray();
    if (values.length == 0) {
      throw new IllegalArgumentException("an interval needs at least one value, was given none");
    }
    if (identical(values)) {
      return new Interval(values[0], single(values) ? Double.NaN : 0, values.length);
    }
    double sum = Arrays.stream(values).sum();
    if (!Double.isFinite(sum)) {
      return new Interval(sum, Double.NaN, values.length);
    }
    double mean = StatUtils.mean(values);
    double error = Math.sqrt(StatUtils.variance(values) / values.length);
    double quantile =
        new TDistribution(values.length - 1).inverseCumulativeProbability((1 + CONFIDENCE) / 2);
    return new Interval(mean, quantile * error, values.length);
  }

  private static boolean identical(double[] values) {
    for (double value : values) {
      if (Double.compare(value, values[0]) != 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean single(double[] values) {
    return values.length == 1 || !Double.isFinite(values[0]);
  }

  /** Returns whether there is an interval to speak of: several seeds that differ. */
  boolean spread() {
    return halfWidth > 0;
  }

  /** Returns whether the interval exists, be it of width 0, and leaves out this number. */
  boolean excludes(double number) {
    return low() > number || high() < number;
  }

  /** Returns the lower end; NaN when there is no interval. */
  double low() {
    return mean - halfWidth;
  }

  /** Returns the upper end; NaN when there is no interval. */
  double high() {
    return mean + halfWidth;
  }
}

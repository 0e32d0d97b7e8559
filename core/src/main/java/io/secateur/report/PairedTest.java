package io.secateur.report;

import java.util.List;
import org.apache.commons.statistics.inference.TTest;

/**
 * Student's t-test of paired differences against 0, two-sided (Student, 1908).
 *
 * @param t the mean difference over its standard error
 * @param df degrees of freedom, n − 1
 * @param p the probability of a t as far from 0, were there no difference
 */
record PairedTest(double t, int df, double p) {
  /**
   * Tests one difference per seed.
   *
   * @throws IllegalArgumentException for fewer than two, or when all are equal: there is no
   *     variance then to judge the mean by
   */
  static PairedTest of(List<Double> differences) {
    if (differences.stream().distinct().count() < 2) {
      throw new IllegalArgumentException(
          "a t-test needs differences that vary, was given " + differences);
    }
    TTest.Result result =
        TTest.withDefaults().test(differences.stream().mapToDouble(Double::doubleValue).toArray());
    return new PairedTest(result.getStatistic(), differences.size() - 1, result.getPValue());
  }
}

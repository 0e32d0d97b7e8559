package io.secateur.report;

import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.stat.ranking.NaturalRanking;
import org.apache.commons.math3.stat.ranking.TiesStrategy;
import org.apache.commons.statistics.inference.PValueMethod;
import org.apache.commons.statistics.inference.WilcoxonSignedRankTest;

/**
 * The signed-rank test of paired differences (Wilcoxon, 1945), two-sided and exact. Equal distances
 * share the mean of their ranks; differences of 0 are ranked too and then left out (Pratt, 1959),
 * since a test that drops them before ranking may find more where less was found.
 *
 * <p>With ties or zeros the library approximates by the normal distribution, whatever method was
 * asked for; then the distribution over all signs is counted here, given the ranks at hand.
 *
 * @param statistic the sum of the ranks of positive differences
 * @param p the probability of a sum as far from its middle, were signs a matter of chance
 * @param nonZero how many differences are not 0
 */
record SignedRank(double statistic, double p, int nonZero) {
  /**
   * Tests one difference per seed.
   *
   * @throws IllegalArgumentException when all are 0
   */
  static SignedRank of(List<Double> differences) {
    double[] values = differences.stream().mapToDouble(Double::doubleValue).toArray();
    double[] distances = Arrays.stream(values).map(Math::abs).toArray();
    int nonZero = (int) Arrays.stream(distances).filter(distance -> distance > 0).count();
    if (nonZero == 0) {
      throw new IllegalArgumentException("a signed-rank test needs a difference that is not 0");
    }
    double[] ranks = new NaturalRanking(TiesStrategy.AVERAGE).rank(distances);
    double positive = 0;
    for (int i = 0; i < values.length; i++) {
      positive += values[i] > 0 ? ranks[i] : 0;
    }
    boolean plain =
        nonZero == values.length && Arrays.stream(distances).distinct().count() == values.length;
    return new SignedRank(
        positive, plain ? exact(values) : counted(values, ranks, positive), nonZero);
  }

  /** Returns the smallest p that so many differences other than 0 can give. */
  static double smallest(int nonZero) {
    return Math.min(1, Math.pow(2, 1 - nonZero));
  }

  private static double exact(double[] values) {
    return WilcoxonSignedRankTest.withDefaults().with(PValueMethod.EXACT).test(values).getPValue();
  }

  /** Sums over all signs, each as likely; ranks are doubled, so that shared ones are whole. */
  static double counted(double[] values, double[] ranks, double positive) {
    int[] doubled = new int[ranks.length];
    int all = 0;
    for (int i = 0; i < ranks.length; i++) {
      doubled[i] = values[i] == 0 ? 0 : (int) Math.round(2 * ranks[i]);
      all += doubled[i];
    }
    double[] chance = new double[all + 1];
    chance[0] = 1;
    for (int rank : doubled) {
      if (rank > 0) {
        for (int sum = all; sum >= 0; sum--) {
          chance[sum] = (chance[sum] + (sum >= rank ? chance[sum - rank] : 0)) / 2;
        }
      }
    }
    int at = (int) Math.round(2 * positive);
    double below = Arrays.stream(chance, 0, at + 1).sum();
    double above = Arrays.stream(chance, at, all + 1).sum();
    return Math.min(1, 2 * Math.min(below, above));
  }
}

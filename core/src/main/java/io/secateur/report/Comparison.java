package io.secateur.report;

import io.secateur.report.CommonLevels.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Two contenders compared: seed by seed the mean difference, one minus other, over the sparsities
 * that both have, and what a paired t-test says of it.
 *
 * @param levels the places compared; empty where there are none
 * @param differences the mean difference of each seed that has a finite number at all of them
 * @param leftOut seeds that lack one
 * @param test the primary test; empty where none can be run
 */
record Comparison(
    Contender one,
    Contender other,
    List<Level> levels,
    SortedMap<Long, Double> differences,
    List<Long> leftOut,
    Optional<PairedTest> test) {
  private static final int LEAST_FOR_EFFECT = 3;

  /** Significant digits of what is compared; what lies behind them is rounding in a sum. */
  private static final int DIGITS = 11;

  Comparison {
    levels = List.copyOf(levels);
    leftOut = List.copyOf(leftOut);
  }

  /** Compares two contenders by a quantity. */
  static Comparison of(
      Contender one, Contender other, List<Level> levels, String quantity, Measurements from) {
    TreeSet<Long> seeds = new TreeSet<>();
    for (Level level : levels) {
      seeds.addAll(from.values(level.one(), quantity).keySet());
      seeds.addAll(from.values(level.other(), quantity).keySet());
    }
    SortedMap<Long, Double> differences = new TreeMap<>();
    List<Long> leftOut = new ArrayList<>();
    for (long seed : seeds) {
      double ours = 0;
      double theirs = 0;
      for (Level level : levels) {
        ours += from.values(level.one(), quantity).getOrDefault(seed, Double.NaN);
        theirs += from.values(level.other(), quantity).getOrDefault(seed, Double.NaN);
      }
      if (Double.isFinite(ours) && Double.isFinite(theirs)) {
        differences.put(seed, difference(ours, theirs) / levels.size());
      } else {
        leftOut.add(seed);
      }
    }
    return new Comparison(
        one,
        other,
        levels,
        differences,
        leftOut,
        differences.values().stream().distinct().count() > 1
            ? Optional.of(PairedTest.of(List.copyOf(differences.values())))
            : Optional.empty());
  }

  /** Returns their difference without what the rounding of sums alone makes of it. */
  private static double difference(double ours, double theirs) {
    double largest = Math.max(Math.abs(ours), Math.abs(theirs));
    if (largest == 0) {
      return 0;
    }
    double digits = Math.pow(10, DIGITS - Math.ceil(Math.log10(largest)));
    double rounded = Math.rint((ours - theirs) * digits) / digits;
    return !Double.isFinite(rounded) ? ours - theirs : rounded == 0 ? 0 : rounded;
  }

  int n() {
    return differences.size();
  }

  /** Returns the mean difference over seeds; empty where no seed has one. */
  Optional<Interval> difference() {
    return differences.isEmpty()
        ? Optional.empty()
        : Optional.of(Interval.of(differences.values()));
  }

  /** Returns whether every seed gave the same number for both. */
  boolean identical() {
    return n() > 0 && differences.values().stream().allMatch(each -> each == 0);
  }

  /**
   * Returns Cohen's d of paired differences, d_z: their mean over their standard deviation, which
   * is t over the root of n; empty for fewer than three seeds and where nothing was tested.
   */
  Optional<Double> effect() {
    return n() < LEAST_FOR_EFFECT ? Optional.empty() : test.map(each -> each.t() / Math.sqrt(n()));
  }

  /** Returns d_z times Hedges' correction for few seeds, 1 − 3 / (4 df − 1) (Hedges, 1981). */
  Optional<Double> corrected() {
    return effect().map(d -> d * (1 - 3.0 / (4 * (n() - 1) - 1)));
  }

  /** Returns the name in tables: {@code imp against one-shot}. */
  String name() {
    return one.name() + " against " + other.name();
  }

  /** Returns why no test was run, as words; empty where one was. */
  String untested() {
    if (test.isPresent()) {
      return "";
    }
    if (levels.isEmpty()) {
      return "not compared: no sparsity in common";
    }
    if (n() == 0) {
      return "not tested: no seed has both";
    }
    if (n() == 1) {
      return "not tested: one seed, 2 are needed";
    }
    return identical()
        ? "no difference: the same numbers for every seed"
        : "not tested: every seed differs by the same";
  }
}

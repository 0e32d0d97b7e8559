package io.secateur.report;

import io.secateur.study.Declared;
import io.secateur.study.RunInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * All pairs that a study compares, each by one test, with Holm's correction over them.
 *
 * <p>Pairs are those that the study declares, else all pairs of arms; and every arm with each of
 * its controls. Pairs without a sparsity in common are no part of the family: that they have none
 * is known before any result. Whatever else cannot be tested is, and counts as p = 1.
 */
final class Comparisons {
  static final double LEVEL = 0.05;

  private static final int LEAST_FOR_RANKS = 6;

  private final RunInfo.Quantity quantity;
  private final List<Result> results;

  /**
   * A comparison and what is known once all are.
   *
   * @param holm the corrected p of the t-test; 1 where none was run
   * @param pairs how many pairs it was corrected for
   * @param ranks the signed-rank test; empty where it was not run
   * @param ranksHolm its corrected p; 1 where it was not run
   * @param higherIsBetter of the quantity compared
   */
  record Result(
      Comparison pair,
      double holm,
      int pairs,
      Optional<SignedRank> ranks,
      double ranksHolm,
      boolean higherIsBetter) {
    /** Returns whether a difference is shown. */
    boolean shown() {
      return pair.test().isPresent() && holm <= LEVEL;
    }

    /** Returns which of the two is better; empty where no difference is shown. */
    Optional<Contender> better() {
      if (!shown()) {
        return Optional.empty();
      }
      boolean one = pair.difference().orElseThrow().mean() > 0 == higherIsBetter;
      return Optional.of(one ? pair.one() : pair.other());
    }

    String verdict() {
      return pair.test().isEmpty()
          ? pair.untested()
          : better().map(each -> each.name() + " better").orElse("no difference shown");
    }

    /** Returns why the signed-rank test was not run; empty where it was, or nothing was tested. */
    String withoutRanks() {
      return ranks.isPresent() || pair.test().isEmpty()
          ? ""
          : "not run: %d seeds needed".formatted(seedsForRanks(pairs));
    }
  }

  private Comparisons(RunInfo.Quantity quantity, List<Result> results) {
    this.quantity = quantity;
    this.results = List.copyOf(results);
  }

  /** Compares the arms of a run; empty where nothing that arms are compared by was measured. */
  static Optional<Comparisons> of(RunInfo info, Declared declared, Measurements measurements) {
    return Findings.primary(info, declared, measurements)
        .map(quantity -> of(info, declared, measurements, quantity))
        .filter(comparisons -> !comparisons.results.isEmpty());
  }

  private static Comparisons of(
      RunInfo info, Declared declared, Measurements measurements, RunInfo.Quantity quantity) {
    CommonLevels levels = new CommonLevels(measurements);
    List<Comparison> pairs = new ArrayList<>();
    for (Pairs.Pair pair : Pairs.of(info, declared, Contenders.of(info, measurements))) {
      pairs.add(
          Comparison.of(
              pair.one(),
              pair.other(),
              levels.of(pair.one(), pair.other()),
              quantity.name(),
              measurements));
    }
    return new Comparisons(quantity, results(pairs, quantity.higherIsBetter()));
  }

  private static List<Result> results(List<Comparison> pairs, boolean higherIsBetter) {
    List<Comparison> family = pairs.stream().filter(pair -> !pair.levels().isEmpty()).toList();
    double[] holm =
        Holm.adjusted(
            family.stream()
                .mapToDouble(pair -> pair.test().map(PairedTest::p).orElse(1.0))
                .toArray());
    double[] reach =
        Holm.adjusted(family.stream().mapToDouble(Comparisons::smallestOfRanks).toArray());
    List<Optional<SignedRank>> ranks = new ArrayList<>();
    for (int i = 0; i < family.size(); i++) {
      Comparison pair = family.get(i);
      ranks.add(
          pair.test().isPresent() && pair.n() >= LEAST_FOR_RANKS && reach[i] <= LEVEL
              ? Optional.of(SignedRank.of(List.copyOf(pair.differences().values())))
              : Optional.empty());
    }
    double[] ranksHolm =
        Holm.adjusted(
            ranks.stream().mapToDouble(each -> each.map(SignedRank::p).orElse(1.0)).toArray());
    List<Result> results = new ArrayList<>();
    for (Comparison pair : pairs) {
      int at = family.indexOf(pair);
      results.add(
          at < 0
              ? new Result(pair, 1, family.size(), Optional.empty(), 1, higherIsBetter)
              : new Result(
                  pair, holm[at], family.size(), ranks.get(at), ranksHolm[at], higherIsBetter));
    }
    return results;
  }

  /** Returns the smallest p that the signed-rank test of a pair can give. */
  private static double smallestOfRanks(Comparison pair) {
    long nonZero = pair.differences().values().stream().filter(each -> each != 0).count();
    return pair.test().isEmpty() ? 1 : SignedRank.smallest((int) nonZero);
  }

  /** Returns how many seeds let the signed-rank test of one of so many pairs show a difference. */
  static int seedsForRanks(int pairs) {
    int seeds = LEAST_FOR_RANKS;
    while (pairs * SignedRank.smallest(seeds) > LEVEL) {
      seeds++;
    }
    return seeds;
  }

  RunInfo.Quantity quantity() {
    return quantity;
  }

  List<Result> results() {
    return results;
  }

  /** Returns how many pairs the correction is for. */
  int family() {
    return results.get(0).pairs();
  }

  /** Returns what a terminal shows: how many pairs differ, and the clearest of those. */
  String line() {
    List<Result> shown = results.stream().filter(Result::shown).toList();
    long untested = results.stream().filter(result -> result.pair().test().isEmpty()).count();
    StringBuilder text = new StringBuilder("comparisons: ");
    text.append(
        "%d of %s by %s"
            .formatted(
                shown.size(),
                Words.count(results.size(), "pair"),
                new Quantity(quantity.name(), "").inSentence()));
    text.append(shown.size() == 1 ? " shows a difference" : " show a difference");
    if (untested > 0) {
      text.append(", %d could not be tested".formatted(untested));
    }
    if (!shown.isEmpty()) {
      text.append(": ");
      text.append(
          shown.stream().limit(2).map(Comparisons::beats).collect(Collectors.joining("; ")));
      text.append(shown.size() > 2 ? " …" : "");
    }
    return text + "; see comparisons.md";
  }

  private static String beats(Result result) {
    Contender better = result.better().orElseThrow();
    Contender worse =
        better.equals(result.pair().one()) ? result.pair().other() : result.pair().one();
    return "%s beats %s (p = %s)"
        .formatted(better.name(), worse.name(), ComparisonTables.chance(result.holm()))
        .replace("= <", "< ");
  }
}

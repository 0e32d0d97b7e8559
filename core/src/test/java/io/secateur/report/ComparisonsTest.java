package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.secateur.report.Comparisons.Result;
import io.secateur.study.Declared;
import io.secateur.study.ResultRow;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ComparisonsTest {
  private static final double[] NOISE = {0.3, -0.1, 0.2, -0.4, 0.05, 0.15, -0.2, 0.1};

  private final RunFixture run = new RunFixture();

  /** Two rounds at 50 and 75 % whose accuracies are those given, the same in both. */
  private void arm(String name, String branch, double... accuracies) {
    for (int seed = 1; seed <= accuracies.length; seed++) {
      for (int round = 1; round <= 2; round++) {
        row(name, branch, seed, round, "sparsity", 100 - 100 / Math.pow(2, round));
        row(name, branch, seed, round, "accuracy", accuracies[seed - 1] - round);
      }
    }
  }

  private void row(String arm, String branch, long seed, int round, String metric, double value) {
    ResultRow row = RunFixture.measured(arm, seed, round, metric, value, "%");
    run.with(
        new ResultRow(
            row.key(),
            row.arm(),
            row.axes(),
            seed,
            round,
            "train",
            "",
            branch,
            "measure",
            metric,
            value,
            "%",
            "test",
            0,
            ""));
  }

  private static double[] around(double mean, int seeds) {
    double[] values = new double[seeds];
    for (int i = 0; i < seeds; i++) {
      values[i] = mean + NOISE[i];
    }
    return values;
  }

  private Comparisons compared(Declared declared, String... arms) {
    run.arms(arms);
    return Comparisons.of(run.info(), declared, new Measurements(run.info(), run.rows()))
        .orElseThrow();
  }

  private static Declared pairs(List<List<String>> compare) {
    return new Declared("accuracy", compare, List.of(), List.of(), Map.of(), 10);
  }

  private Result only(String... arms) {
    List<Result> results = compared(Declared.NOTHING, arms).results();
    assertThat(results).hasSize(1);
    return results.get(0);
  }

  private String section(Comparisons comparisons) {
    return new ComparisonTables(comparisons, new Measurements(run.info(), run.rows()))
        .section()
        .markdown(1);
  }

  @Test
  void testsTheMeanOverCommonSparsitiesSeedBySeed() {
    arm("a", "", 90, 90, 90);
    arm("b", "", 91, 92, 93);
    row("b", "", 1, 3, "sparsity", 90);
    row("b", "", 1, 3, "accuracy", 10);

    Result result = only("a", "b");

    assertThat(result.pair().name()).isEqualTo("b against a");
    assertThat(result.pair().levels()).hasSize(2);
    assertThat(result.pair().differences()).isEqualTo(Map.of(1L, 1.0, 2L, 2.0, 3L, 3.0));
    assertThat(result.pair().test().orElseThrow().t()).isCloseTo(2 * Math.sqrt(3), within(1e-9));
    assertThat(result.pair().effect().orElseThrow()).isCloseTo(2, within(1e-9));
    assertThat(result.pair().corrected().orElseThrow()).isCloseTo(2 * 4 / 7.0, within(1e-9));
    assertThat(result.verdict()).isEqualTo("no difference shown");
  }

  @Test
  void saysWhichIsBetterAndThatOthersAreNotShown() {
    arm("a", "", 90, 90, 90, 90);
    arm("b", "", around(93, 4));
    arm("c", "", 90.2, 89.9, 90, 89.8);

    Comparisons comparisons = compared(Declared.NOTHING, "a", "b", "c");

    assertThat(comparisons.results().stream().map(Result::verdict))
        .containsExactly("b better", "no difference shown", "b better");
    assertThat(comparisons.line())
        .startsWith("comparisons: 2 of 3 pairs by accuracy show a difference: b beats a (p ");
    assertThat(section(comparisons))
        .contains("| b | beats | — | beats |", "| a | — | is beaten | no difference shown |")
        .contains("corrected by Holm");
  }

  @Test
  void comparesArmsOfOneModelOnly() {
    for (String arm : List.of("small+a", "small+b", "large+a", "large+b")) {
      arm(arm, "", around(arm.startsWith("small") ? 80 : 90, 4));
      run.model(arm, arm.substring(0, 5));
    }

    Comparisons comparisons =
        compared(Declared.NOTHING, "small+a", "small+b", "large+a", "large+b");

    assertThat(comparisons.results().stream().map(result -> result.pair().name()))
        .containsExactly("small+b against small+a", "large+b against large+a");
  }

  @Test
  void correctsForThePairsThatAreDeclaredAlone() {
    arm("a", "", 90, 90, 90, 90);
    arm("b", "", around(90.4, 4));
    arm("c", "", around(95, 4));

    Comparisons all = compared(Declared.NOTHING, "a", "b", "c");
    Comparisons one = compared(pairs(List.of(List.of("c", "a"))), "a", "b", "c");

    assertThat(all.family()).isEqualTo(3);
    assertThat(one.results()).hasSize(1);
    assertThat(one.results().get(0).pair().name()).isEqualTo("c against a");
    assertThat(one.results().get(0).holm())
        .isEqualTo(one.results().get(0).pair().test().orElseThrow().p());
    assertThat(section(one)).contains("a difference counts as shown where p is at most 0.05");
  }

  @Test
  void comparesAnArmWithItsOwnControlsByIteration() {
    arm("a", "", around(93, 3));
    arm("a", "random-mask", 90, 90, 90);
    arm("b", "", around(93, 3));
    for (int seed = 1; seed <= 3; seed++) {
      for (int round = 1; round <= 2; round++) {
        row("b", "dense", seed, round, "sparsity", 0);
        row("b", "dense", seed, round, "accuracy", 94.0);
      }
    }

    Comparisons comparisons = compared(Declared.NOTHING, "a", "b");

    assertThat(comparisons.results().stream().map(result -> result.pair().name()))
        .containsExactly(
            "b against a", "a against a, random-mask (control)", "b against b, dense (control)");
    assertThat(comparisons.results().stream().map(result -> result.pair().levels().size()))
        .containsExactly(2, 2, 2);
    assertThat(section(comparisons)).contains("| Arms and their controls | a against a, random");
  }

  @Test
  void runsWilcoxonOnlyWhereItCanShowSomething() {
    arm("a", "", 90, 90, 90, 90, 90, 90);
    arm("b", "", around(93, 6));
    Result six = only("a", "b");

    arm("c", "", around(91, 6));
    Comparisons three = compared(Declared.NOTHING, "a", "b", "c");

    assertThat(six.ranks().orElseThrow().p()).isCloseTo(0.03125, within(1e-12));
    assertThat(three.results()).allMatch(result -> result.ranks().isEmpty());
    assertThat(three.results().get(0).withoutRanks()).isEqualTo("not run: 7 seeds needed");
    assertThat(section(three)).contains("with 3 pairs it needs 7 seeds");
    assertThat(Comparisons.seedsForRanks(1)).isEqualTo(6);
    assertThat(Comparisons.seedsForRanks(6)).isEqualTo(8);
  }

  @Test
  void leavesOutSeedsThatDidNotFinishAndSaysWhich() {
    arm("a", "", 90, 90, 90, 90);
    arm("b", "", 91, 92, 93);
    row("b", "", 4, 1, "sparsity", 50);
    row("b", "", 4, 1, "accuracy", Double.NaN);

    Comparisons comparisons = compared(Declared.NOTHING, "a", "b");

    assertThat(comparisons.results().get(0).pair().differences().keySet())
        .containsExactly(1L, 2L, 3L);
    assertThat(section(comparisons)).contains("b against a: seed 4 left out");
  }

  @Test
  void saysInWordsWhyNothingWasTested() {
    arm("a", "", 90);
    arm("b", "", 91);
    assertThat(only("a", "b").verdict()).isEqualTo("not tested: one seed, 2 are needed");
  }

  @Test
  void tellsEqualNumbersFromEqualDifferences() {
    arm("a", "", 90.1, 90.3, 90.7);
    arm("b", "", 90.1, 90.3, 90.7);
    arm("c", "", 90.2, 90.4, 90.8);

    Comparisons comparisons = compared(Declared.NOTHING, "a", "b", "c");

    assertThat(comparisons.results().stream().map(Result::verdict))
        .containsExactly(
            "no difference: the same numbers for every seed",
            "not tested: every seed differs by the same",
            "not tested: every seed differs by the same");
    assertThat(section(comparisons)).contains("t would be infinite");
    assertThat(comparisons.line()).contains("0 of 3 pairs", "3 could not be tested");
  }

  @Test
  void comparesNothingWithoutASparsityInCommonAndDoesNotCountIt() {
    arm("a", "", 90, 90, 90);
    arm("b", "", around(95, 3));
    for (int seed = 1; seed <= 3; seed++) {
      row("c", "", seed, 1, "sparsity", 66);
      row("c", "", seed, 1, "accuracy", 90 + NOISE[seed]);
    }

    Comparisons comparisons = compared(Declared.NOTHING, "a", "b", "c");

    assertThat(comparisons.results().stream().map(Result::verdict))
        .containsExactly(
            "b better",
            "not compared: no sparsity in common",
            "not compared: no sparsity in common");
    assertThat(comparisons.family()).isEqualTo(1);
  }

  @Test
  void comparesWhatWasNeverPrunedWithAllThatWas() {
    arm("a", "", around(93, 3));
    for (int seed = 1; seed <= 3; seed++) {
      row("none", "", seed, 0, "sparsity", 0);
      row("none", "", seed, 0, "accuracy", 90);
    }

    assertThat(only("a", "none").pair().levels()).hasSize(2);
  }

  @Test
  void writesEveryNumberInFull() {
    arm("a", "", 90, 90, 90);
    arm("b", "", 91, 92, 93);
    Comparisons comparisons = compared(Declared.NOTHING, "a", "b");

    List<String> lines =
        new ComparisonTables(comparisons, new Measurements(run.info(), run.rows()))
            .csv()
            .lines()
            .toList();

    assertThat(lines.get(0)).startsWith("one,other,control,metric,unit,higher_is_better,n,seeds");
    assertThat(lines.get(1))
        .startsWith("b,a,false,accuracy,%,true,3,1 2 3,,2,50.00 % 75.00 %,2,")
        .endsWith(",no difference shown");
  }

  @Test
  void writesSmallChancesAsWhatTheyAreBelow() {
    assertThat(ComparisonTables.chance(0.00001)).isEqualTo("<0.0001");
    assertThat(ComparisonTables.chance(0.0496)).isEqualTo("0.0496");
    assertThat(ComparisonTables.chance(0.000312)).isEqualTo("0.00031");
    assertThat(ComparisonTables.chance(0.3)).isEqualTo("0.300");
  }
}

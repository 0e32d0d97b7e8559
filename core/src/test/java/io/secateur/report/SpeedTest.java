package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpeedTest {
  private static final String LATENCY = "latency/batch-64/median";

  private final RunFixture fixture = new RunFixture().arms("imp");

  private void seed(long seed, double dense, double pruned, long parametersLeft) {
    measured(seed, 0, 0, 1000, dense);
    measured(seed, 5, 86.5, parametersLeft, pruned);
  }

  private void arm(String arm, double... ratios) {
    for (int i = 0; i < ratios.length; i++) {
      for (int round : new int[] {0, 5}) {
        fixture.with(RunFixture.measured(arm, i + 1, round, "sparsity", 17 * round, "%"));
        fixture.with(RunFixture.measured(arm, i + 1, round, "parameters", 1000, ""));
        double time = 0.01 * (round == 0 ? 1 : ratios[i]);
        fixture.with(RunFixture.measured(arm, i + 1, round, LATENCY, time, "s"));
      }
    }
  }

  private void measured(long seed, int round, double sparsity, long parameters, double latency) {
    fixture.with(RunFixture.measured("imp", seed, round, "sparsity", sparsity, "%"));
    fixture.with(RunFixture.measured("imp", seed, round, "parameters", (double) parameters, ""));
    fixture.with(RunFixture.measured("imp", seed, round, LATENCY, latency, "s"));
  }

  private List<String> sentences() {
    return sentences(true);
  }

  private List<String> sentences(boolean inTurns) {
    return new Speed(new Measurements(fixture.info(), fixture.rows()), inTurns).sentences();
  }

  @Test
  void saysThatZerosBroughtNoSpeedWithTheRatio() {
    seed(1, 0.0100, 0.0098, 1000);
    seed(2, 0.0100, 0.0100, 1000);
    seed(3, 0.0100, 0.0096, 1000);

    assertThat(sentences())
        .containsExactly(
            "Unstructured zeros brought no speed here (imp): at 86.50 % sparsity a batch of 64"
                + " took 0.98 × the dense time (95 % interval 0.93–1.03, n = 3).");
  }

  @Test
  void saysThatInferenceBecameFasterBeyondTheInterval() {
    seed(1, 0.0100, 0.0050, 200);
    seed(2, 0.0110, 0.0054, 200);
    seed(3, 0.0090, 0.0046, 200);

    assertThat(sentences())
        .singleElement()
        .asString()
        .startsWith(
            "Pruning made inference faster here (imp): with 20.00 % of the dense model's"
                + " parameters and 86.50 % sparsity")
        .contains("took 0.50 × the dense time");
  }

  @Test
  void saysThatInferenceBecameSlower() {
    seed(1, 0.0100, 0.0150, 1000);
    seed(2, 0.0100, 0.0151, 1000);

    assertThat(sentences())
        .singleElement()
        .asString()
        .startsWith("Unstructured zeros made inference slower here (imp)");
  }

  @Test
  void doubtsThatZerosChangedTheTimeUnlessAllWereTimedInTurns() {
    arm("one-shot", 1.00, 1.02, 0.98);
    assertThat(sentences(false)).hasSize(1);
    arm("imp", 1.20, 1.21, 1.19);
    assertThat(sentences(false))
        .hasSize(3)
        .last()
        .asString()
        .endsWith("'secateur measure' times all models in turns.");
    assertThat(sentences(true)).hasSize(2).noneMatch(line -> line.contains("in turns"));
  }

  @Test
  void doubtsNothingWhereMatricesBecameSmaller() {
    seed(1, 0.0100, 0.0050, 200);
    seed(2, 0.0110, 0.0054, 200);
    seed(3, 0.0090, 0.0046, 200);
    assertThat(sentences(false)).hasSize(1);
  }

  @Test
  void claimsNothingFromOneSeed() {
    seed(1, 0.0100, 0.0050, 1000);

    assertThat(sentences())
        .containsExactly(
            "imp: at 86.50 % sparsity a batch of 64 took 0.50 × the dense time (one seed, so no"
                + " interval).");
  }

  @Test
  void doesNotRoundAnIntervalOntoTheOneThatItLeavesOut() {
    arm("imp", 0.980, 0.987, 0.9725);

    assertThat(sentences()).singleElement().asString().contains("made inference faster");
    assertThat(sentences())
        .singleElement()
        .asString()
        .contains("0.980 × the dense time (95 % interval 0.962–0.998, n = 3)");
  }

  @Test
  void saysOnceWhatSeveralArmsShow() {
    arm("one-shot", 0.96, 1.1, 0.82);
    arm("imp", 0.97, 1, 0.97);

    assertThat(sentences())
        .containsExactly(
            "Unstructured zeros brought no speed here: at 85.00 % sparsity a batch of 64 took"
                + " 0.98 × (imp, 95 % interval 0.94–1.02) and 0.95 × (one-shot, 0.66–1.37) the"
                + " dense time, n = 3.");
  }

  @Test
  void keepsApartWhatArmsShowDifferently() {
    arm("one-shot", 0.96, 1.1, 0.82);
    arm("imp", 0.5, 0.51, 0.49);

    assertThat(sentences())
        .hasSize(2)
        .anyMatch(line -> line.startsWith("Unstructured zeros brought no speed here (one-shot): "))
        .anyMatch(line -> line.startsWith("Unstructured zeros made inference faster here (imp): "));
  }

  @Test
  void sharesTheSentenceOfOneSeedToo() {
    arm("one-shot", 0.96);
    arm("imp", 0.97);

    assertThat(sentences())
        .containsExactly(
            "At 85.00 % sparsity a batch of 64 took 0.97 × (imp) and 0.96 × (one-shot) the dense"
                + " time (one seed, so no interval).");
  }

  @Test
  void givesAnIntervalTheDigitsThatItNeeds() {
    arm("imp", 0.990, 0.991, 0.989);

    assertThat(sentences())
        .singleElement()
        .asString()
        .startsWith("Unstructured zeros made inference faster here (imp)")
        .endsWith("took 0.990 × the dense time (95 % interval 0.988–0.992, n = 3).");
  }

  @Test
  void doesNotTrustThreeRatiosThatAgreeWhereTheOtherTimesDoNot() {
    // Equal work at every iteration; last over dense is 0.95 for each seed, by chance.
    double[][] times = {
      {3.43, 2.82, 2.22, 2.74, 2.28, 3.26},
      {2.56, 3.55, 3.11, 2.19, 2.10, 2.43},
      {2.83, 2.27, 1.99, 2.62, 2.36, 2.69}
    };
    for (int seed = 0; seed < times.length; seed++) {
      for (int round = 0; round < times[seed].length; round++) {
        measured(seed + 1, round, 17 * round, 1000, times[seed][round] / 1000);
      }
    }

    assertThat(sentences())
        .singleElement()
        .asString()
        .startsWith("Unstructured zeros brought no speed here (imp): at 85.00 % sparsity")
        .contains("took 0.95 × the dense time");
  }

  @Test
  void isSilentWithoutTimings() {
    fixture.with(RunFixture.measured("imp", 1, 0, "sparsity", 0, "%"));

    assertThat(sentences()).isEmpty();
  }
}

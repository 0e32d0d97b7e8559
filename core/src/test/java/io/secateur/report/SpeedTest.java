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

  private void measured(long seed, int round, double sparsity, long parameters, double latency) {
    fixture.with(RunFixture.measured("imp", seed, round, "sparsity", sparsity, "%"));
    fixture.with(RunFixture.measured("imp", seed, round, "parameters", (double) parameters, ""));
    fixture.with(RunFixture.measured("imp", seed, round, LATENCY, latency, "s"));
  }

  private List<String> sentences() {
    return new Speed(new Measurements(fixture.info(), fixture.rows())).sentences();
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
        .startsWith("Pruning made inference faster here (imp): at 86.50 % sparsity")
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
  void claimsNothingFromOneSeed() {
    seed(1, 0.0100, 0.0050, 1000);

    assertThat(sentences())
        .containsExactly(
            "imp: at 86.50 % sparsity a batch of 64 took 0.50 × the dense time (one seed, so no"
                + " interval).");
  }

  @Test
  void isSilentWithoutTimings() {
    fixture.with(RunFixture.measured("imp", 1, 0, "sparsity", 0, "%"));

    assertThat(sentences()).isEmpty();
  }
}

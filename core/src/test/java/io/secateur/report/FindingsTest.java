package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.study.ResultRow;
import io.secateur.study.RunInfo;
import java.util.List;
import org.junit.jupiter.api.Test;

class FindingsTest {
  private final RunFixture fixture = new RunFixture().arms("imp");

  private void seed(long seed, double dense, double pruned) {
    fixture.with(RunFixture.measured("imp", seed, 0, "sparsity", 0, "%"));
    fixture.with(RunFixture.measured("imp", seed, 0, "accuracy", dense, "%"));
    fixture.with(RunFixture.measured("imp", seed, 5, "sparsity", 86.5, "%"));
    fixture.with(RunFixture.measured("imp", seed, 5, "accuracy", pruned, "%"));
  }

  private List<String> sentences() {
    return new Findings(fixture.info(), new Measurements(fixture.info(), fixture.rows()))
        .sentences();
  }

  @Test
  void saysThatAPrunedModelIsBetterWhenPairedSeedsShowIt() {
    seed(1, 97.0, 98.0);
    seed(2, 97.5, 98.4);
    seed(3, 98.0, 99.1);

    assertThat(sentences())
        .containsExactly(
            "imp at 86.50 % sparsity: accuracy 98.50 ± 1.38 %, dense 97.50 ± 1.24 %."
                + " Difference +1.00 points (95 % interval +0.75 to +1.25, 3 paired seeds):"
                + " better.");
  }

  @Test
  void saysThatItIsWorseWhenPairedSeedsShowIt() {
    seed(1, 98.0, 97.0);
    seed(2, 98.4, 97.5);

    assertThat(sentences()).singleElement().asString().endsWith(": worse.");
  }

  @Test
  void claimsNoDifferenceWhereTheIntervalHasZeroInIt() {
    seed(1, 97.0, 97.5);
    seed(2, 97.5, 97.2);
    seed(3, 98.0, 98.1);

    assertThat(sentences())
        .singleElement()
        .asString()
        .contains("No difference shown: +0.10 points (95 % interval −0.89 to +1.09");
  }

  @Test
  void givesNoIntervalForOneSeed() {
    seed(1, 97.0, 97.5);

    assertThat(sentences())
        .singleElement()
        .asString()
        .endsWith("Difference +0.50 points (one seed, so no interval).");
  }

  @Test
  void comparesArmsOfOneModelOnly() {
    fixture.arms("small+once", "small+slowly", "large+once", "large+slowly");
    for (String arm : List.of("small+once", "small+slowly", "large+once", "large+slowly")) {
      fixture.model(arm, arm.substring(0, 5));
      for (long seed = 1; seed <= 3; seed++) {
        double accuracy = (arm.startsWith("large") ? 95 : 90) + (arm.endsWith("once") ? 0 : 1);
        fixture.with(RunFixture.measured(arm, seed, 5, "sparsity", 86.5, "%"));
        fixture.with(RunFixture.measured(arm, seed, 5, "accuracy", accuracy + seed, "%"));
      }
    }

    assertThat(sentences())
        .extracting(sentence -> sentence.split(" at ", 2)[0])
        .containsExactly("small+slowly against small+once", "large+slowly against large+once");
  }

  @Test
  void theDenseModelIsThatOfTheArmsOwnModel() {
    fixture.arms("small", "large").model("small", "small").model("large", "large");
    for (String arm : List.of("small", "large")) {
      double dense = arm.equals("large") ? 95 : 90;
      for (long seed = 1; seed <= 3; seed++) {
        for (int round = 0; round <= 1; round++) {
          fixture.with(RunFixture.measured(arm, seed, round, "sparsity", 50 * round, "%"));
          fixture.with(RunFixture.measured(arm, seed, round, "parameters", 10 * dense, ""));
          fixture.with(
              RunFixture.measured(arm, seed, round, "accuracy", dense + seed - round, "%"));
        }
      }
    }

    assertThat(sentences())
        .extracting(sentence -> sentence.split("\\. Diff", 2)[0])
        .containsExactly(
            "small at 50.00 % sparsity: accuracy 91.00 ± 2.48 %, dense 92.00 ± 2.48 %",
            "large at 50.00 % sparsity: accuracy 96.00 ± 2.48 %, dense 97.00 ± 2.48 %");
  }

  @Test
  void pairsOnlySeedsThatHaveBothNumbers() {
    seed(1, 97.0, 98.0);
    seed(2, 97.5, 98.6);
    fixture.with(RunFixture.measured("imp", 3, 0, "accuracy", 50, "%"));

    assertThat(sentences()).singleElement().asString().contains("2 paired seeds");
  }

  @Test
  void saysNothingOfNumbersThatAreNotFinite() {
    seed(1, 97.0, Double.NaN);
    seed(2, 97.0, 98.0);

    assertThat(sentences()).singleElement().asString().contains("not every value is finite");
  }

  @Test
  void comparesWithAnArmThatWasTrainedOnAndNotPruned() {
    RunFixture arms = new RunFixture().arms("not-pruned", "pruned");
    for (long seed = 1; seed <= 2; seed++) {
      for (String arm : List.of("not-pruned", "pruned")) {
        arms.with(place(arm, seed, "train", "sparsity", 0));
        arms.with(place(arm, seed, "train", "mse", 0.5 + seed / 10.0));
      }
      arms.with(place("not-pruned", seed, "finetune", "sparsity", 0));
      arms.with(place("not-pruned", seed, "finetune", "mse", 0.25 + seed / 10.0));
      arms.with(place("pruned", seed, "finetune", "sparsity", 80));
      arms.with(place("pruned", seed, "finetune", "mse", 0.375 + seed / 10.0));
    }
    RunInfo info = arms.info();

    assertThat(new Findings(info, new Measurements(info, arms.rows())).sentences())
        .hasSize(3)
        .last()
        .asString()
        .startsWith(
            "pruned at 80.00 % sparsity against not-pruned, which was not pruned: difference +0.12")
        .endsWith(": worse.");
  }

  /** The row of an embedding that stands for padding is 0 in the dense model too. */
  @Test
  void aModelWithZerosThatNoMaskPrunesIsDense() {
    RunFixture arms = new RunFixture().arms("pruned");
    for (long seed = 1; seed <= 2; seed++) {
      arms.with(place("pruned", seed, "train", "sparsity", 0.01));
      arms.with(place("pruned", seed, "train", "pruned", 0));
      arms.with(place("pruned", seed, "train", "mse", 0.5 + seed / 10.0));
      arms.with(place("pruned", seed, "finetune", "sparsity", 80));
      arms.with(place("pruned", seed, "finetune", "pruned", 800));
      arms.with(place("pruned", seed, "finetune", "mse", 0.375 + seed / 10.0));
    }
    RunInfo info = arms.info();

    assertThat(new Findings(info, new Measurements(info, arms.rows())).sentences())
        .first()
        .asString()
        .startsWith("pruned at 80.00 % sparsity: MSE ")
        .contains(", dense 0.65 ");
  }

  private static ResultRow place(String arm, long seed, String stage, String metric, double value) {
    String unit = metric.equals("mse") ? "" : "%";
    return RunFixture.row(arm, seed, 0, stage, "measure", metric, value, unit, "test", 0, "");
  }
}

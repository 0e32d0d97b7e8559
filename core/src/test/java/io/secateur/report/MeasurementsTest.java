package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.secateur.report.Spot.Line;
import io.secateur.study.ResultRow;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MeasurementsTest {
  private static final Line IMP = new Line("imp", "");

  private static ResultRow accuracy(
      long seed, int round, String label, String branch, double value) {
    return new ResultRow(
        "k",
        "imp",
        Map.of("arm", "imp"),
        seed,
        round,
        "train",
        label,
        branch,
        "measure",
        "accuracy",
        value,
        "%",
        "test",
        0,
        "");
  }

  private static ResultRow on(String split, long seed, double value) {
    ResultRow row = accuracy(seed, 0, "", "", value);
    return new ResultRow(
        row.key(),
        row.arm(),
        row.axes(),
        row.seed(),
        row.round(),
        row.stage(),
        row.label(),
        row.branch(),
        row.source(),
        row.metric(),
        row.value(),
        row.unit(),
        split,
        row.epoch(),
        row.layer());
  }

  private static Measurements of(ResultRow... rows) {
    return new Measurements(new RunFixture().info(), List.of(rows));
  }

  @Test
  void takesTheLastPlaceOfARoundAsItsEnd() {
    Measurements measurements =
        of(accuracy(1, 1, "pruned", "", 90), accuracy(1, 1, "retrained", "", 98));

    assertThat(measurements.values(new Spot(IMP, 1, ""), "accuracy")).containsEntry(1L, 98.0);
    assertThat(measurements.labelled()).containsExactly(new Spot(IMP, 1, "pruned"));
  }

  @Test
  void doesNotTakeALabelForTheEndWhereASeedBrokeOff() {
    Measurements measurements =
        of(
            accuracy(1, 1, "pruned", "", 90),
            accuracy(2, 1, "pruned", "", 91),
            accuracy(2, 1, "retrained", "", 98));

    assertThat(measurements.values(new Spot(IMP, 1, ""), "accuracy")).containsOnlyKeys(2L);
  }

  @Test
  void keepsAControlApartFromItsArm() {
    Measurements measurements =
        of(accuracy(1, 1, "", "random mask", 80), accuracy(1, 1, "", "", 98));

    assertThat(measurements.lines()).containsExactly(IMP, new Line("imp", "random mask"));
    assertThat(measurements.values(new Spot(IMP, 1, ""), "accuracy")).containsEntry(1L, 98.0);
    assertThat(new Line("imp", "random mask").title()).isEqualTo("imp, random mask (control)");
  }

  @Test
  void listsOnlyWhatWasMeasured() {
    assertThat(of(accuracy(1, 0, "", "", 98)).quantities())
        .containsExactly(new Quantity("accuracy", "%"));
  }

  @Test
  void keepsSplitsApartAndTakesTheGapSeedBySeed() {
    Measurements measurements =
        of(on("test", 1, 90), on("train", 1, 97), on("test", 2, 91), on("train", 3, 99));
    Spot dense = new Spot(IMP, 0, "");

    assertThat(measurements.quantities())
        .extracting(Quantity::title)
        .containsExactly(
            "Accuracy (%)", "Accuracy on train (%)", "Accuracy, train − test (points)");
    assertThat(measurements.values(dense, "accuracy"))
        .containsOnly(entry(1L, 90.0), entry(2L, 91.0));
    assertThat(measurements.values(dense, "accuracy/train"))
        .containsOnly(entry(1L, 97.0), entry(3L, 99.0));
    assertThat(measurements.values(dense, "accuracy/train-test")).containsOnly(entry(1L, 7.0));
  }
}

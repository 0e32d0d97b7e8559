package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;

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
}

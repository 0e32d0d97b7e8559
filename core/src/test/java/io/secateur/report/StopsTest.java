package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.report.Spot.Line;
import io.secateur.study.ResultRow;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StopsTest {
  private static ResultRow row(
      long seed, int round, String source, String metric, double value, String split) {
    return new ResultRow(
        "key" + round,
        "imp",
        Map.of("arm", "imp"),
        seed,
        round,
        "stop",
        "",
        "",
        source,
        metric,
        value,
        metric.contains("factor") ? "" : "%",
        split,
        0,
        "");
  }

  private static final List<ResultRow> ROWS =
      List.of(
          row(1, 2, "stage", "held/accuracy", 91.5, "validation"),
          row(1, 2, "stage", "before/accuracy", 92, "validation"),
          row(1, 3, "stage", "undone/accuracy", 90.5, "validation"),
          row(1, 3, "stage", "before/accuracy", 92, "validation"),
          row(1, 3, "stage", "undone/factor", .5, ""),
          row(1, 4, "stage", "ended/accuracy", 88, "test"),
          row(1, 4, "stage", "before/accuracy", 92, "test"),
          row(2, 4, "stage", "ended/accuracy", 89, "test"));

  @Test
  void sayWhereAndWhyRoundsWereUndone() {
    assertThat(new Stops(ROWS.subList(0, 7)).sentences())
        .containsExactly(
            "imp, seed 1: iteration 3 was undone, as accuracy on validation was 90.50 % after it and"
                + " 92.00 % before the first; from there on the fractions that go were multiplied by"
                + " 0.5.",
            "imp, seed 1: iteration 4 was undone, as accuracy on test was 88.00 % after it and 92.00"
                + " % before the first; the rounds ended there, and the last one that held is kept."
                + " This was decided on the test split: the arm's test results have been chosen by.");
  }

  @Test
  void haveARowInTheTableOfTheirArmOnly() {
    Stops stops = new Stops(ROWS);
    assertThat(stops.rows(new Line("imp", "")))
        .containsExactly("3, undone (seed 1)", "4, ended (seeds 1 and 2)");
    assertThat(stops.rows(new Line("imp", "random-mask"))).isEmpty();
    assertThat(stops.rows(new Line("other", ""))).isEmpty();
  }

  @Test
  void standAmongTheIterationsThatHeld() {
    List<ResultRow> held =
        List.of(
            row(1, 2, "measure", "accuracy", 91, "test"),
            row(1, 5, "measure", "accuracy", 90, "test"));
    Measurements measurements = new Measurements(new RunFixture().info(), held);
    Table table = new MainTable(measurements, 1, new Stops(ROWS.subList(0, 7))).lab();
    assertThat(table.groups().get(0).rows())
        .containsExactly(
            List.of("2", "91.00"),
            List.of("3, undone (seed 1)", "—"),
            List.of("4, ended (seed 1)", "—"),
            List.of("5", "90.00"));
  }
}

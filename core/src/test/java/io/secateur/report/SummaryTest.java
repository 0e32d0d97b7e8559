package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class SummaryTest {
  private final Summary summary =
      new Summary(
          List.of("Arm", "Iteration", "Sparsity (%)", "Latency (s): batch 64, median"),
          List.of(List.of("imp", "0", "0.00", "0.0015"), List.of("imp", "5", "86.50", "0.0016")),
          List.of(),
          List.of(),
          List.of(),
          Path.of("report.html"));

  @Test
  void alignsNumbersAndBreaksHeaders() {
    assertThat(summary.table(80))
        .isEqualTo(
            """
                                      Latency
                                         (s):
                                        batch
                            Sparsity      64,
            Arm  Iteration       (%)   median
            ---  ---------  --------  -------
            imp          0      0.00   0.0015
            imp          5     86.50   0.0016
            """);
  }

  @Test
  void leavesOutColumnsThatDoNotFitAndSaysSo() {
    assertThat(summary.table(30)).contains("(1 more column in table.md)").doesNotContain("Latency");
    assertThat(summary.table(30).lines()).allMatch(line -> line.length() <= 30);
  }

  @Test
  void putsNamesThatTakeMoreThanHalfALineAboveTheirRows() {
    String prune = "magnitude-pruning+within-each-layer";
    String random = "random-pruning+within-each-layer";
    Summary wide =
        new Summary(
            List.of("Arm", "Iteration", "Sparsity (%)", "MSE"),
            List.of(
                List.of(prune, "0", "0.00", "1.5"),
                List.of(prune, "1", "50.00", "1.6"),
                List.of(random, "1", "50.00", "2.5")),
            List.of(),
            List.of(),
            List.of(),
            Path.of("report.html"));

    assertThat(wide.table(40))
        .isEqualTo(
            """
                            Sparsity
            Arm  Iteration       (%)  MSE
            ---  ---------  --------  ---
            magnitude-pruning+within-each-layer
                         0      0.00  1.5
                         1     50.00  1.6
            random-pruning+within-each-layer
                         1     50.00  2.5
            """);
  }
}

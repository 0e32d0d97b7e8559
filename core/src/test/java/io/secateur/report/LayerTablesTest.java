package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.study.ResultRow;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayerTablesTest {
  private final List<ResultRow> rows = new ArrayList<>();

  private void prune(long seed, int round, String layer, double requested, long pruned, long of) {
    add(seed, round, layer, "requested", requested);
    add(seed, round, layer, "pruned", (double) pruned);
    add(seed, round, layer, "weights", (double) of);
  }

  private void add(long seed, int round, String layer, String metric, double value) {
    rows.add(RunFixture.row("imp", seed, round, "prune", "stage", metric, value, "", "", 0, layer));
  }

  @Test
  void showsAskedAndAchievedForEverySeedAndOverAllLayers() {
    for (long seed : new long[] {1, 2}) {
      prune(seed, 1, "fc1.weight", 33, 330 + seed, 1000);
      prune(seed, 1, "", 33, 660, 2000);
    }

    assertThat(new LayerTables(rows).markdown("lab4"))
        .endsWith(
            """
            ## imp

            ### imp, iteration 1

            | Layer | Weights | Requested (%) | Pruned: seed 1 | Pruned: seed 2 |
            | :--- | ---: | ---: | ---: | ---: |
            | fc1.weight | 1,000 | 33.00 | 331 / 1,000 (33.10 %) | 332 / 1,000 (33.20 %) |
            | all layers | 2,000 | 33.00 | 660 / 2,000 (33.00 %) | 660 / 2,000 (33.00 %) |
            """);
  }

  @Test
  void leavesBlankWhatWasNotAskedInNumbers() {
    add(1, 1, "fc1.weight", "pruned", 10);
    add(1, 1, "fc1.weight", "weights", 100);

    assertThat(new LayerTables(rows).markdown("lab4"))
        .contains("| fc1.weight | 100 | — | 10 / 100 (10.00 %) |");
  }

  @Test
  void hasNoTableForARunThatDidNotPrune() {
    rows.add(RunFixture.row("imp", 1, 0, "train", "stage", "loss", 0.1, "", "train", 1, ""));

    assertThat(new LayerTables(rows).byLine()).isEmpty();
    assertThat(new LayerTables(rows).markdown("lab4")).contains("No stage of this run pruned.");
  }
}

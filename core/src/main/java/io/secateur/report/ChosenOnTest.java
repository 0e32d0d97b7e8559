package io.secateur.report;

import io.secateur.study.ResultRow;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which trainings kept an epoch for its results on the test split, which a reader must be told. */
final class ChosenOnTest {
  private ChosenOnTest() {}

  /** Returns the stages that did, with their labels. */
  static Set<String> stages(List<ResultRow> rows) {
    Set<String> stages = new LinkedHashSet<>();
    for (ResultRow row : rows) {
      boolean kept = row.source().equals("stage") && row.metric().equals("kept-epoch");
      if (kept && row.split().equals("test")) {
        stages.add(
            row.label().isEmpty() ? row.stage() : "%s (%s)".formatted(row.stage(), row.label()));
      }
    }
    return stages;
  }

  /** Returns one sentence, or none where every choice was made elsewhere. */
  static List<String> sentences(List<ResultRow> rows) {
    Set<String> stages = stages(rows);
    return stages.isEmpty()
        ? List.of()
        : List.of(
            ("%s kept the epoch that did best on the test split: test results from there on have"
                    + " been chosen by, and are no longer those of unseen examples.")
                .formatted(Words.list(List.copyOf(stages))));
  }
}

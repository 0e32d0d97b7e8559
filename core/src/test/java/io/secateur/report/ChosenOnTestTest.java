package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.study.ResultRow;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChosenOnTestTest {
  private static ResultRow kept(String stage, String label, long seed, String split) {
    return new ResultRow(
        "k",
        "default",
        Map.of(),
        seed,
        0,
        stage,
        label,
        "",
        "stage",
        "kept-epoch",
        3,
        "",
        split,
        0,
        "");
  }

  @Test
  void namesEachTrainingThatChoseByTestOnce() {
    assertThat(
            ChosenOnTest.sentences(
                List.of(
                    kept("train", "dense", 1, "test"),
                    kept("finetune", "", 1, "test"),
                    kept("train", "dense", 2, "test"))))
        .containsExactly(
            "train (dense) and finetune kept the epoch that did best on the test split: test results"
                + " from there on have been chosen by, and are no longer those of unseen examples.");
  }

  @Test
  void hasNothingToSayOfChoicesByTheValidationPart() {
    assertThat(ChosenOnTest.sentences(List.of(kept("train", "dense", 1, "validation")))).isEmpty();
  }
}

package io.secateur.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.secateur.plugin.Catalogs;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A stage that needs a part of the data set which is not there is refused before anything runs. */
class NeededPartsTest {
  private static final Catalogs CATALOGS =
      Catalogs.holding(
          List.of(
              Toys.Data.class,
              Toys.Regress.class,
              Toys.Model.class,
              Toys.Total.class,
              ChoosyStage.class));

  private static Plan plan(String data, String stage) {
    String text =
        Lab.study("pipeline:", "  - " + stage, "measure: [total]").replace("toy-data", data);
    return Lab.planner("machine").plan(StudyFile.parse("toy.yaml", text, List.of(), CATALOGS));
  }

  @Test
  void eachMissingPartIsOneLine() {
    assertThatExceptionOfType(StudyException.class)
        .isThrownBy(() -> plan("toy-data", "choosy"))
        .satisfies(
            refusal ->
                assertThat(refusal.faults())
                    .containsExactly(
                        "toy.yaml:6:5: choosy needs a validation part, and data 'toy-data' has"
                            + " none: set validation: 0.1 in the data's settings, or on: test",
                        "toy.yaml:6:5: choosy needs a test part, and data 'toy-data' has none"));
  }

  @Test
  void partsThatAreThereAreFine() {
    assertThat(plan("toy-regression", "choosy").nodes()).isNotEmpty();
    assertThat(plan("toy-data", "choosy: {needs: [train]}").nodes()).isNotEmpty();
  }
}

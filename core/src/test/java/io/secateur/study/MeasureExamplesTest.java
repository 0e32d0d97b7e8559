package io.secateur.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Predictions are measured on some examples where a study says so. */
class MeasureExamplesTest {
  /** Toys have examples to train on only. */
  private static final String ON = "measure-on: [test, train]";

  private static Plan plan(String... rest) {
    return Lab.plan(Lab.study("pipeline: [tune]\nmeasure: [total, hits]", String.join("\n", rest)));
  }

  private static List<String> kinds(Plan one, Plan other) {
    return one.nodes().stream()
        .filter(node -> !other.byKey().containsKey(node.key()))
        .map(Plan.Node::name)
        .toList();
  }

  @Test
  void changesTheKeysOfPredictionsAlone() {
    assertThat(kinds(plan(ON, "measure-examples: 1"), plan(ON))).containsExactly("hits");
  }

  @Test
  void isNoOtherMeasurementWhereThereAreNoMore() {
    assertThat(kinds(plan(ON, "measure-examples: 1000000"), plan(ON))).isEmpty();
  }

  @Test
  void refusesNone() {
    try {
      plan("measure-examples: 0");
      assertThat(true).as("0 examples were accepted").isFalse();
    } catch (StudyException e) {
      assertThat(e.faults())
          .containsExactly(
              "toy.yaml:7:19: predictions are measured on at least 1 example of a split, was 0");
    }
  }
}

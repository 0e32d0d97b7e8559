package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.study.ResultRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MainTableTest {
  private static ResultRow accuracy(int round, String stage, String label, double value) {
    return new ResultRow(
        "k",
        "default",
        Map.of(),
        1,
        round,
        stage,
        label,
        "",
        "measure",
        "accuracy",
        value,
        "%",
        "test",
        0,
        "");
  }

  private static MainTable of(ResultRow... rows) {
    return new MainTable(new Measurements(new RunFixture().info(), List.of(rows)), 1);
  }

  @Test
  void aPipelineWithoutRoundsHasARowForEachOfItsPlaces() {
    MainTable tables =
        of(
            accuracy(0, "train", "dense", 99),
            accuracy(0, "prune", "pruned", 19),
            accuracy(0, "finetune", "", 98));

    assertThat(tables.lab().header("Arm")).containsExactly("Arm", "Place", "Accuracy (%)");
    assertThat(tables.lab().rows())
        .containsExactly(
            List.of("default", "dense", "99.00"),
            List.of("default", "pruned", "19.00"),
            List.of("default", "finetune", "98.00"));
    assertThat(tables.labelled().isEmpty()).isTrue();
    assertThat(tables.csv().lines()).hasSize(4);
  }

  @Test
  void roundsHaveARowForEachOfTheirEnds() {
    MainTable tables =
        of(
            accuracy(0, "train", "dense", 99),
            accuracy(1, "prune", "pruned", 19),
            accuracy(1, "finetune", "", 98));

    assertThat(tables.lab().rows())
        .containsExactly(List.of("default", "0", "99.00"), List.of("default", "1", "98.00"));
    assertThat(tables.labelled().rows()).containsExactly(List.of("default", "1, pruned", "19.00"));
  }

  @Test
  void aFirstRoundThatDidNotHoldIsStillARow() {
    ResultRow ended =
        new ResultRow(
            "k1",
            "default",
            Map.of(),
            1,
            1,
            "stop",
            "",
            "",
            "stage",
            "ended/accuracy",
            50,
            "%",
            "validation",
            0,
            "");
    List<ResultRow> rows = new ArrayList<>(List.of(accuracy(0, "train", "dense", 99), ended));

    MainTable tables =
        new MainTable(new Measurements(new RunFixture().info(), rows), 1, new Stops(rows));

    assertThat(tables.lab().rows())
        .containsExactly(
            List.of("default", "0", "99.00"), List.of("default", "1, ended (seed 1)", "—"));
  }
}

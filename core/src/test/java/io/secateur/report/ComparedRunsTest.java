package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparedRunsTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void laysTheSameArmsBesideEachOther() throws IOException {
    Path before = folder.resolve("before");
    Path after = folder.resolve("after");
    new RunFixture().filled().writeTo(before);
    new RunFixture().study("again").seeds(1L, 2L).collapsing(30).filled().writeTo(after);

    Summary summary = Report.compare(List.of(before, after), folder.resolve("both"), false);

    assertThat(summary.columns())
        .containsExactly(
            "Arm",
            "Sparsity (%)",
            "Accuracy (%): before",
            "Accuracy (%): after",
            "Difference (points), 95 % interval: after − before");
    assertThat(summary.rows()).hasSize(12);
    assertThat(summary.rows().get(0)).startsWith("one-shot", "0.00").endsWith("0.00");
    assertThat(summary.rows().get(5).get(4)).isEqualTo("−30.00");
    assertThat(summary.sentences())
        .anyMatch(line -> line.startsWith("after/one-shot at 86.50 % sparsity"));
    String page = Files.readString(folder.resolve("both/report.html"));
    assertThat(page)
        .contains("before against after", "The runs beside each other", "The seeds differ")
        .contains("Run 1", "Run 2");
    assertThat(before.resolve("report.html")).doesNotExist();
  }

  @Test
  void leavesOutWhatOneRunAloneMeasured() {
    Path timed = folder.resolve("timed");
    Path untimed = folder.resolve("untimed");
    new RunFixture().filled().writeTo(timed);
    new RunFixture().untimed().filled().writeTo(untimed);

    ComparedRuns runs = ComparedRuns.read(List.of(timed, untimed));

    assertThat(runs.sentences())
        .anyMatch(
            line -> line.startsWith("Left out, since not all runs measured it: latency/batch-1"));
    assertThat(runs.whole().rows()).noneMatch(row -> row.metric().startsWith("latency"));
  }

  @Test
  void refusesOtherDataAndASingleRun() {
    Path one = folder.resolve("one");
    Path other = folder.resolve("other");
    new RunFixture().filled().writeTo(one);
    new RunFixture().data("mnist {crop: 28}").filled().writeTo(other);

    assertThatThrownBy(() -> ComparedRuns.read(List.of(one, other)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "cannot compare one and other: the first has the data mnist {crop: 20}, the second"
                + " mnist {crop: 28}; only numbers of the same data compare");
    assertThatThrownBy(() -> ComparedRuns.read(List.of(one)))
        .hasMessage("a comparison needs at least two runs, was given 1");
  }

  @Test
  void tellsTwoFoldersOfOneNameApart() {
    Path one = folder.resolve("x/run");
    Path other = folder.resolve("y/run");
    new RunFixture().filled().writeTo(one);
    new RunFixture().filled().writeTo(other);

    assertThat(ComparedRuns.read(List.of(one, other)).names()).containsExactly("run", "run-2");
  }
}

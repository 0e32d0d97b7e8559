package io.secateur.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Rounds that stop, on toys. Every round takes 3 of 18 cells, 16.7 points of what is kept; so with
 * a drop of 40 points the third does not hold.
 */
class StopTest {
  private static final String ROUNDS =
      Lab.study(
          "pipeline:",
          "  - train",
          "  - rounds:",
          "      rounds: 5",
          "      stages: [prune: {label: cut}, tune]",
          "      stop: {metric: kept, drop: 40}",
          "  - nap",
          "measure: [kept, jitter]");

  @TempDir Path folder;
  private final List<String> said = new ArrayList<>();

  private RunOutcome run(String text) throws IOException {
    Path file = folder.resolve("toy.yaml");
    Files.writeString(file, text);
    RunListener listener =
        new RunListener() {
          @Override
          public void said(Piece piece, String line) {
            said.add(line);
          }
        };
    RunOptions options = new RunOptions().out(folder.resolve("run")).listener(listener);
    RunOutcome outcome = Lab.studies(Clock.systemUTC()).run(file, options);
    assertThat(outcome.exitCode()).isZero();
    return outcome;
  }

  /** Rows as {@code round branch metric value}. */
  private List<String> rows(String file, String metric) throws IOException {
    return Files.readAllLines(folder.resolve("run").resolve(file)).stream()
        .map(line -> Json.read(line, ResultRow.class))
        .filter(row -> row.metric().matches(metric))
        .map(
            row ->
                "%d %s%s %s %.1f"
                    .formatted(
                        row.round(),
                        row.stage(),
                        row.branch().isEmpty() ? "" : " (" + row.branch() + ")",
                        row.metric(),
                        row.value()))
        .toList();
  }

  @Test
  void endTheArmAtTheLastRoundThatHeld() throws IOException {
    run(ROUNDS);
    assertThat(rows("results.jsonl", "kept"))
        .containsExactly(
            "0 train kept 100.0",
            "1 prune kept 83.3",
            "1 tune kept 83.3",
            "1 prune (side) kept 77.8",
            "2 prune kept 66.7",
            "2 tune kept 66.7",
            "2 prune (side) kept 61.1",
            "5 nap kept 66.7");
    assertThat(rows("results.jsonl", ".*/kept"))
        .containsExactly(
            "1 stop held/kept 83.3",
            "1 stop before/kept 100.0",
            "2 stop held/kept 66.7",
            "2 stop before/kept 100.0",
            "3 stop ended/kept 50.0",
            "3 stop before/kept 100.0");
    assertThat(said)
        .contains(
            "round 3 is undone: kept 50.00, before the first round 100.0 (kept worse by"
                + " more than 40.0 points); the rounds end and keep the one before");
  }

  @Test
  void measureAndShowNothingOfTheRoundsAfterTheEnd() throws IOException {
    run(ROUNDS);
    assertThat(rows("timings.jsonl", "jitter")).hasSize(8).noneMatch(row -> row.startsWith("3"));
    assertThat(Files.readString(folder.resolve("run/checkpoints.jsonl")))
        .doesNotContain("\"round\":3", "\"round\":4", "\"stop\"")
        .contains("\"round\":5");
    Runs runs = new Runs();
    String run = folder.resolve("run").toString();
    assertThat(runs.read(run + "#default/1").mask("fc.weight").pruned()).isEqualTo(6);
    assertThat(runs.read(run + "#default/1").attachments()).isEmpty();
  }

  @Test
  void runNothingTwice() throws IOException {
    run(ROUNDS);
    String results = Files.readString(folder.resolve("run/results.jsonl"));
    RunOutcome again = run(ROUNDS);
    assertThat(again.info().reused()).isEqualTo(again.plan().nodes().size());
    assertThat(Files.readString(folder.resolve("run/results.jsonl"))).isEqualTo(results);
  }

  @Test
  void goOnAtHalfTheRateAsOftenAsAllowed() throws IOException {
    run(ROUNDS.replace("drop: 40", "drop: 40, halve: 1"));
    assertThat(rows("results.jsonl", "kept"))
        .contains("2 tune kept 66.7", "4 tune kept 61.1", "5 nap kept 61.1")
        .noneMatch(row -> row.startsWith("3") || row.startsWith("5 tune"));
    assertThat(rows("results.jsonl", "(undone|ended).*"))
        .containsExactly(
            "3 stop undone/kept 50.0", "3 stop undone/factor 0.5", "5 stop ended/kept 55.6");
  }

  @Test
  void startTheirNextRoundsOverWhenTheyFollowRoundsThatEnded() throws IOException {
    run(
        Lab.study(
            "pipeline:",
            "  - rounds: {rounds: 3, stages: [prune: {cells: 8}], stop: {metric: kept, drop: 40}}",
            "  - rounds: {rounds: 1, stages: [prune: {cells: 2}], stop: {metric: kept, drop: 40}}",
            "measure: [kept]"));
    assertThat(rows("results.jsonl", "kept"))
        .containsExactly("0 open kept 100.0", "4 prune kept 88.9", "4 prune (side) kept 83.3");
  }

  @Test
  void shareTheirFirstRoundsWithTheSameRoundsWithoutAStop() {
    Plan plan =
        Lab.plan(
            Lab.study(
                "pipeline: [train, rounds: {rounds: 2, stages: [prune], stop: {metric: kept, drop:"
                    + " 1}}]",
                "measure: [kept]"));
    Plan other =
        Lab.plan(
            Lab.study(
                "pipeline: [train, rounds: {rounds: 2, stages: [prune]}]", "measure: [kept]"));
    assertThat(plan.byKey().keySet())
        .contains(other.nodes().stream().limit(3).map(Plan.Node::key).toArray(String[]::new));
  }

  @Test
  void refuseWhatCannotBeCompared() {
    String stop = "stop: {metric: kept, drop: 40}";
    assertThatThrownBy(() -> Lab.plan(ROUNDS.replace(stop, "stop: {drop: 3}")))
        .hasMessageContaining(
            "stop needs the metric that it compares: stop: {metric: accuracy, drop: 1.0}");
    assertThatThrownBy(() -> Lab.plan(ROUNDS.replace(stop, "stop: {metric: jitter}")))
        .hasMessageContaining(
            "rounds are stopped by a metric that gives the same number every time, such as accuracy"
                + " or loss, not by jitter");
  }

  @Test
  void refuseASplitThatTheDataDoesNotHave() {
    String hits = ROUNDS.replace("{metric: kept, drop: 40}", "{metric: hits}");
    assertThatThrownBy(() -> Lab.plan(hits))
        .hasMessageContaining(
            "toy.yaml:7:5: stop needs a validation part, and data 'toy-data' has none: set validation:"
                + " 0.1 in the data's settings, or on: test");
  }

  @Test
  void planShowsWhereRoundsMayStop() throws IOException {
    assertThat(Lab.studies(Clock.systemUTC()).tree(Lab.plan(ROUNDS), new RunOptions().out(folder)))
        .contains("round 1  stop: undone when kept worse by more than 40.0 points");
  }
}

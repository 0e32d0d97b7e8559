package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tiny run, timed again. */
@Tag("engine")
class MeasureCommandTest {
  private static final String STUDY =
      """
      study: tiny
      threads: 1
      data: {digits: {train: 300, test: 100}}
      model: {ffn: {hidden: [16]}}
      pipeline:
        - train: {epochs: 1}
        - {rounds: {rounds: 2, stages: [{prune: {method: l1, amount: {of-remaining: 0.5}}}]}}
      measure: [accuracy, latency: {batches: [4], warmup: 1, rounds: 3}]
      """;

  @TempDir private static Path folder = Path.of("");
  private static Path file = Path.of("");
  private static Path run = Path.of("");

  @BeforeAll
  static void runTheStudy() throws IOException {
    file = Files.writeString(folder.resolve("tiny.yaml"), STUDY);
    run = folder.resolve("run");
    assertThat(Cli.run("run", file.toString(), "--out", run.toString(), "-q").exitCode()).isZero();
  }

  private static List<Path> timings() throws IOException {
    try (Stream<Path> files = Files.list(run.resolve("timings"))) {
      return files.sorted().toList();
    }
  }

  private static String page() throws IOException {
    return Files.readString(run.resolve("table.md"));
  }

  @Test
  void timingsAreKeptByThreadsAndNeverMixed() throws IOException {
    String own = Files.readString(run.resolve("timings.jsonl"));
    Cli.Result again = Cli.run("measure", run.toString(), "--rounds", "2");
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.err())
        .hasLineCount(6)
        .contains("[1/6] default seed 1 train", "[6/6] default seed 1 train");
    assertThat(timings()).hasSize(1);
    List<String> lines = Files.readAllLines(timings().get(0));
    // Three checkpoints, median and 90th percentile of each.
    assertThat(lines)
        .hasSize(6)
        .allMatch(line -> line.contains("\"threads\":1,"))
        .allMatch(line -> line.matches(".*\"rounds\":\\[[^,]+,[^,]+\\]}"));
    assertThat(Files.readString(run.resolve("timings.jsonl"))).isEqualTo(own);
    assertThat(page())
        .contains("in place of the run's own timings, which are in timings.jsonl: latency/batch-4")
        .doesNotContain("## Timings on");

    Cli.Result more =
        Cli.run(
            "measure", run.toString(), "--threads", "2", "--metric", "latency", "--rounds", "1");
    assertThat(more.exitCode()).as(more.err()).isZero();
    assertThat(more.out()).contains("timings: ", "report: " + run.resolve("report.html"));
    assertThat(timings()).hasSize(2);
    assertThat(page()).containsPattern("## Timings on .*, cpu, 2 threads: median of 1 round\n");
    assertThat(Files.readString(run.resolve("report.html"))).contains("2 threads: median of 1");
    runningAgainLosesNothing();
    theTimingsOfOtherCheckpointsAreLeftOut();
  }

  private void runningAgainLosesNothing() throws IOException {
    String page = page();
    List<String> before = Files.readAllLines(timings().get(0));
    assertThat(Cli.run("run", file.toString(), "--out", run.toString(), "-q").exitCode()).isZero();
    assertThat(timings()).hasSize(2);
    assertThat(timings().get(0)).hasContent(String.join("\n", before));
    assertThat(page()).isEqualTo(page);
  }

  private void theTimingsOfOtherCheckpointsAreLeftOut() throws IOException {
    Cli.Result other =
        Cli.run(
            "run", file.toString(), "--out", run.toString(), "--set", "pipeline.0.train.batch=32");
    assertThat(other.exitCode()).as(other.err()).isZero();
    assertThat(page()).doesNotContain("## Timings on").contains("that the run has no more");
    assertThat(Cli.run("run", file.toString(), "--out", run.toString(), "-q").exitCode()).isZero();
  }

  private static void damageARun(int cases) throws IOException {
    Path copy = Files.createTempDirectory(folder, "damaged");
    for (String name :
        List.of(
            "run.json",
            "declared.json",
            "results.jsonl",
            "timings.jsonl",
            "checkpoints.jsonl",
            "provenance.jsonl")) {
      Files.copy(run.resolve(name), copy.resolve(name));
    }
    // Where the store is, a line of each checkpoint says.
    Path lines = copy.resolve("checkpoints.jsonl");
    Files.writeString(
        lines,
        Files.readString(lines)
            .replace("\"store\":\"store\"", "\"store\":\"%s\"".formatted(run.resolve("store"))));
    Path out = folder.resolve("never");
    String name = copy.toString();
    List<String> report = List.of("report", name);
    List<List<String>> compare =
        List.of(List.of("report", name, run.toString(), "--out", out.toString()));
    Damage.check(copy.resolve("run.json"), cases, out, report, compare);
    Damage.check(copy.resolve("results.jsonl"), cases, out, report, compare);
    Damage.check(copy.resolve("declared.json"), cases, out, report, List.of());
    Damage.check(
        lines,
        cases,
        out,
        List.of("checkpoints", name),
        List.of(
            List.of("inspect", name + "#default/1"),
            List.of("evaluate", name + "#default/1"),
            List.of("export", name + "#default/1", "--format", "torch", "-o", out.toString()),
            List.of("quantize", name + "#default/1", "-o", out.toString()),
            List.of("sensitivity", name + "#default/1", "--out", out.toString()),
            List.of("measure", name)));
    Damage.check(
        copy.resolve("provenance.jsonl"), cases, out, List.of("store", "list", name), List.of());
  }

  @Test
  void aDamagedRunIsBadInput() throws IOException {
    damageARun(Damage.SAMPLE);
  }

  @Test
  @Tag("stress")
  void aRunDamagedInManyWaysIsBadInput() throws IOException {
    damageARun(Damage.WHOLE);
  }

  @Test
  void anUnknownMetricIsBadInput() {
    Cli.Result result = Cli.run("measure", run.toString(), "--metric", "latncy");
    assertThat(result.exitCode()).isEqualTo(Main.BAD_INPUT);
    assertThat(result.err())
        .isEqualToIgnoringNewLines(
            "secateur: the study 'tiny' does not time 'latncy'. Did you mean 'latency'?"
                + " It times: latency");
  }

  @Test
  void aStudyThatTimesNothingIsBadInput() throws IOException {
    Path untimed = folder.resolve("untimed");
    Path text =
        Files.writeString(
            folder.resolve("untimed.yaml"),
            STUDY
                .replaceFirst("(?m)^measure: .*$", "measure: [accuracy, sparsity]")
                .replace("study: tiny", "study: untimed"));
    assertThat(Cli.run("run", text.toString(), "--out", untimed.toString(), "-q").exitCode())
        .isZero();
    Cli.Result result = Cli.run("measure", untimed.toString());
    assertThat(result.exitCode()).isEqualTo(Main.BAD_INPUT);
    assertThat(result.err())
        .isEqualToIgnoringNewLines(
            "secateur: the study 'untimed' of %s times nothing: it measures accuracy, sparsity, which are the same on every machine"
                .formatted(untimed));
  }

  @Test
  void aRunOfWhichNothingFinishedIsBadInput() throws IOException {
    Path empty = Files.createDirectory(folder.resolve("empty"));
    Files.copy(run.resolve("run.json"), empty.resolve("run.json"));
    for (String name :
        List.of("results.jsonl", "timings.jsonl", "checkpoints.jsonl", "provenance.jsonl")) {
      Files.createFile(empty.resolve(name));
    }
    Cli.Result result = Cli.run("measure", empty.toString());
    assertThat(result.exitCode()).isEqualTo(Main.BAD_INPUT);
    assertThat(result.err())
        .isEqualToIgnoringNewLines(
            "secateur: %s has nothing to time: no step that is measured has finished; run the study again"
                .formatted(empty));
  }
}

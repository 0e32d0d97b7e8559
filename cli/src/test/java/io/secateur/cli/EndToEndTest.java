package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Checkpoint;
import io.secateur.model.CheckpointFiles;
import io.secateur.model.Encoding;
import io.secateur.model.Grid;
import io.secateur.model.ParameterSpec;
import io.secateur.model.Quantization;
import io.secateur.model.Tensor;
import io.secateur.study.Runs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tiny study from its file to its report, and what can be done with it afterwards. */
@Tag("engine")
class EndToEndTest {
  private static final String STUDY =
      """
      study: tiny
      seeds: [1, 2]
      threads: 1
      data: {digits: {train: 300, test: 100}}
      model: {ffn: {hidden: [16]}}
      pipeline:
        - train: {epochs: 1, label: dense}
        - ${arm}
      grid:
        arm:
          one-shot: {rounds: 1, stages: [{prune: {method: l1, amount: 0.5}}]}
          imp: {imp: {rounds: 1, rate: 0.5}}
      measure: [accuracy, sparsity]
      measure-on: [test, train]
      """;

  @TempDir private static Path folder = Path.of("");
  private static Path file = Path.of("");
  private static Path run = Path.of("");
  private static Cli.Result ran = new Cli.Result(0, "", "");

  @BeforeAll
  static void runTheStudy() throws IOException {
    file = Files.writeString(folder.resolve("tiny.yaml"), STUDY);
    run = folder.resolve("run");
    ran = Cli.run("run", file.toString(), "--out", run.toString(), "-v");
  }

  @Test
  void aRunEndsWithItsTableAndTheReport() {
    assertThat(ran.err()).doesNotContain("failed", "warning");
    assertThat(ran.exitCode()).isZero();
    assertThat(ran.out())
        .contains("Sparsity", "one-shot", "imp", "50.00")
        .endsWith("report: " + run.resolve("report.html") + System.lineSeparator());
    assertThat(run.resolve("report.html")).isNotEmptyFile();
  }

  @Test
  void everyStepIsALineAndVerboseAddsEpochsAndLayers() {
    assertThat(ran.err())
        .containsPattern("tiny: \\d+ steps \\(2 arms, 2 seeds\\)")
        .containsPattern("\\[ *\\d+/\\d+\\] imp seed 2 round 1 rewind  \\d")
        .contains("epoch 1/1", "layers.0.weight  ", "global  ");
  }

  @Test
  void runningAgainDoesNothingAgain() throws IOException {
    byte[] before = Files.readAllBytes(run.resolve("results.jsonl"));
    Cli.Result again = Cli.run("run", file.toString(), "--out", run.toString());
    assertThat(again.exitCode()).isZero();
    assertThat(again.err()).contains("done already").hasLineCount(1);
    assertThat(again.out()).isEqualTo(ran.out());
    assertThat(run.resolve("results.jsonl")).hasBinaryContent(before);
  }

  @Test
  void aPlanShowsWhatIsDone() {
    Cli.Result plan = Cli.run("plan", file.toString(), "--out", run.toString());
    assertThat(plan.exitCode()).isZero();
    assertThat(plan.out()).contains("one-shot", "imp", "prune");
  }

  @Test
  void theReportIsWrittenAgain() throws IOException {
    Files.delete(run.resolve("report.html"));
    Cli.Result report = Cli.run("report", run.toString());
    assertThat(report.exitCode()).isZero();
    assertThat(report.out()).contains("one-shot");
    assertThat(run.resolve("report.html")).isNotEmptyFile();
  }

  @Test
  void checkpointsAreListedAndInspectedByTheirNames() {
    Cli.Result list = Cli.run("checkpoints", run.toString());
    assertThat(list.out()).contains(run + "#imp/2/1", "dense");
    Cli.Result inspected = Cli.run("inspect", run + "#imp/2/1");
    assertThat(inspected.exitCode()).isZero();
    assertThat(inspected.out()).contains("layers.0", "out", "bitmask");
    assertThat(Cli.run("inspect", run + "#imp/1/0", run + "#one-shot/1/0").out())
        .contains("Parameters and masks are equal.");
  }

  @Test
  void predictionsAreMeasuredOnBothSplitsAndTheGapIsShown() throws IOException {
    List<String> rows =
        Files.readAllLines(run.resolve("results.jsonl")).stream()
            .filter(row -> row.contains("\"source\":\"measure\""))
            .toList();
    assertThat(rows)
        .filteredOn(row -> row.contains("\"split\":\"train\""))
        .hasSize(8)
        .allMatch(row -> row.contains("\"metric\":\"accuracy\""));
    assertThat(Files.readString(run.resolve("table.md")))
        .contains("Accuracy on train (%)", "Accuracy, train − test (points)");
  }

  @Test
  void anUnknownCheckpointIsBadInput() {
    Cli.Result result = Cli.run("inspect", run + "#imp/9/1");
    assertThat(result.exitCode()).isEqualTo(Main.BAD_INPUT);
    assertThat(result.err()).contains("imp/9/1").hasLineCount(1);
  }

  @Test
  void evaluatingACheckpointGivesWhatTheRunMeasured() throws IOException {
    Cli.Result result = Cli.run("evaluate", run + "#imp/2/1", "--measure", "accuracy,sparsity");
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    List<String> rows = Files.readAllLines(run.resolve("results.csv"));
    String accuracy =
        rows.stream()
            .filter(row -> row.startsWith("imp,2,1,accuracy,") && row.contains("test"))
            .findFirst()
            .orElseGet(
                () ->
                    rows.stream()
                        .filter(row -> row.startsWith("imp,2,1,accuracy,"))
                        .findFirst()
                        .orElseThrow())
            .split(",", -1)[4];
    assertThat(result.out())
        .containsPattern("accuracy +" + Layout.number(Double.parseDouble(accuracy)) + " +%");
  }

  @Test
  void evaluatingOnDataThatDoesNotFitIsBadInput() {
    Cli.Result result = Cli.run("evaluate", run + "#imp/2/1", "--set-data", "{digits: {train: 0}}");
    assertThat(result.exitCode()).isEqualTo(Main.BAD_INPUT);
    assertThat(result.err()).contains("train must be between").hasLineCount(1);
  }

  @Test
  void aStoreIsListedVerifiedAndCleanedOfWhatNothingNamedUses() throws IOException {
    Path copy = folder.resolve("copy");
    copy(run, copy);
    Cli.Result list = Cli.run("store", "list", "" + copy);
    assertThat(list.err()).isEmpty();
    assertThat(list.out())
        .containsPattern("[0-9a-f]{12} +train +imp/1/1 +[\\d.]+ kB ")
        .containsPattern("measure accuracy +one-shot/2/1 ")
        .containsPattern("\\d+ steps, [\\d.]+ kB in \\d+ files\\R$");
    assertThat(Cli.run("store", "size", "" + copy).out())
        .containsPattern("prune +4 +")
        .contains("0 steps not used by " + copy);
    assertThat(Cli.run("store", "verify", "" + copy).out()).contains(": all as they were written");

    Path fewer =
        Files.writeString(folder.resolve("fewer.yaml"), STUDY.replaceAll(" +one-shot.*\\R", ""));
    String store = copy.resolve("store").toString();
    Cli.Result dry = Cli.run("store", "clean", "" + fewer, "--store", store, "--dry-run");
    assertThat(dry.out())
        .containsPattern("prune")
        .containsPattern("would remove \\d+ of \\d+ steps");
    assertThat(Cli.run("store", "list", "" + copy).out()).isEqualTo(list.out());
    Cli.Result clean = Cli.run("store", "clean", "" + fewer, "--store", store);
    assertThat(clean.exitCode()).as(clean.err()).isZero();
    assertThat(clean.out()).contains("freed ");
    assertThat(Cli.run("store", "clean", "" + fewer, "--store", store).out())
        .startsWith("nothing to remove");
    assertThat(Cli.run("plan", "" + fewer, "--store", store).out())
        .containsPattern("in the store already: (\\d+) of \\1\\R");
    assertThat(Cli.run("store", "verify", "--store", store).exitCode()).isZero();
    Cli.Result none = Cli.run("store", "verify", "" + folder);
    assertThat(none.exitCode()).isEqualTo(Main.BAD_INPUT);
    assertThat(none.err()).hasLineCount(1);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> walk = Files.walk(from)) {
      for (Path each : walk.toList()) {
        Files.copy(each, to.resolve(from.relativize(each)));
      }
    }
  }

  @Test
  void theDoctorFindsTheEngine() {
    Cli.Result result = Cli.run("doctor");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains("natives: load and compute", "PyTorch", "data set digits: 12,000 to train on");
  }

  /** Weights of a run's checkpoint on grids of 8 bits, a scale for each. */
  private static Checkpoint onGrids(Checkpoint model) {
    Map<String, Tensor> parameters = new HashMap<>(model.parameters());
    Map<String, Grid> grids = new HashMap<>();
    for (ParameterSpec spec : model.architecture().prunable()) {
      float largest = 0;
      for (float value : model.parameter(spec.name()).toFloats()) {
        largest = Math.max(largest, Math.abs(value));
      }
      Grid grid = new Grid(Tensor.of(new Shape(1), largest / 127), 127);
      grids.put(spec.name(), grid);
      parameters.put(spec.name(), grid.rounded(model.parameter(spec.name())));
    }
    return new Checkpoint(model.architecture(), parameters)
        .withMasks(model.masks())
        .withQuantization(Optional.of(new Quantization(grids, Map.of(), Set.of())));
  }

  @Test
  void quantizedCheckpointsAreListedMeasuredAndEvaluated() throws IOException {
    Path quantized = folder.resolve("quantized");
    Checkpoint model = onGrids(new Runs().read(run + "#imp/2/1"));
    CheckpointFiles.write(model, quantized);
    Path file = folder.resolve("quantized.safetensors");
    Encoding.INT8_BITMASK.write(model, file);
    Path study =
        Files.writeString(
            folder.resolve("quantized.yaml"),
            """
            study: quantized
            seeds: [1]
            threads: 1
            data: {digits: {train: 300, test: 100}}
            model: {checkpoint: {path: "%s"}}
            pipeline: [{prune: {method: l1, amount: 0.6}}]
            measure: [accuracy, disk-size, ideal-size]
            """
                .formatted(quantized));
    Path own = folder.resolve("quantized-run");
    Path events = folder.resolve("events");

    Cli.Result result =
        Cli.run("run", "" + study, "--out", "" + own, "-q", "--tensorboard", "" + events);

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out())
        .contains("int8-bitmask")
        .endsWith("tensorboard: " + events + ", 1 file" + System.lineSeparator());
    assertThat(Cli.run("checkpoints", "" + own).out().lines())
        .anyMatch(line -> line.endsWith("int8"));
    assertThat(Cli.run("checkpoints", "" + run).out()).doesNotContain("int8", "numbers");
    // The file has no masks, so nothing is said of pruned weights.
    String folders = evaluated(quantized);
    assertThat(evaluated(file).replace("" + file, "" + quantized)).isEqualTo(folders);
    assertThat(folders).containsPattern("accuracy +\\d");
  }

  private static String evaluated(Path checkpoint) {
    return Cli.run(
            "evaluate",
            checkpoint.toString(),
            "--set-data",
            "{digits: {train: 300, test: 100}}",
            "--measure",
            "accuracy,loss")
        .out();
  }
}

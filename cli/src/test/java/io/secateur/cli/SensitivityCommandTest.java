package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tiny net, each layer pruned alone: from a study, from its run's checkpoint, and by hand. */
@Tag("engine")
class SensitivityCommandTest {
  private static final String STUDY =
      """
      study: tiny
      threads: 1
      data: {digits: {train: 300, test: 100}}
      model: {ffn: {hidden: [16, 16]}}
      pipeline:
        - train: {epochs: 1, label: dense}
        - %s
      measure: [accuracy, sparsity]
      """;

  @TempDir private static Path folder = Path.of("");
  private static Path file = Path.of("");
  private static Path run = Path.of("");
  private static Path swept = Path.of("");
  private static Cli.Result analysed = new Cli.Result(0, "", "");

  @BeforeAll
  static void sweepTheStudy() throws IOException {
    file =
        Files.writeString(
            folder.resolve("tiny.yaml"), STUDY.formatted("prune: {method: l1, amount: 0.5}"));
    run = folder.resolve("run");
    swept = folder.resolve("swept");
    Cli.run("run", file.toString(), "--out", run.toString(), "-q");
    analysed = sweep(file.toString(), swept, "0.75", "--store", run.resolve("store").toString());
  }

  private static Cli.Result sweep(String subject, Path out, String target, String... more) {
    List<String> arguments =
        new java.util.ArrayList<>(
            List.of("sensitivity", subject, "--out", out.toString(), "--sparsity", "0.5,0.9"));
    arguments.addAll(List.of("--target", target, "--limit", "50"));
    arguments.addAll(List.of(more));
    return Cli.run(arguments.toArray(String[]::new));
  }

  @Test
  void printsLayersAndFindingsAndLeavesTheFiles() throws IOException {
    assertThat(analysed.exitCode()).as(analysed.err()).isZero();
    assertThat(analysed.out())
        .contains(
            "Layer ",
            " 50 %",
            " 90 %",
            "layers.0 ",
            "layers.1 ",
            "out ",
            "amounts.yaml takes 75.00 %")
        .endsWith("report: " + swept.resolve("report.html") + System.lineSeparator());
    assertThat(Files.readAllLines(swept.resolve("sensitivity.csv"))).hasSize(1 + 3 * 3);
    assertThat(swept.resolve("figures/sensitivity.svg")).isNotEmptyFile();
  }

  @Test
  void takesTheTrainingFromTheStudysStoreAndAnotherTargetForNothing() throws IOException {
    assertThat(analysed.err()).contains("done already").doesNotContain("train  ");
    Cli.Result again =
        sweep(file.toString(), swept, "0.6", "--store", run.resolve("store").toString());

    assertThat(again.exitCode()).isZero();
    assertThat(again.err()).doesNotContain("prune");
    assertThat(again.out()).contains("amounts.yaml takes 60.0");
    sweep(file.toString(), swept, "0.75", "--store", run.resolve("store").toString());
  }

  @Test
  void theAmountsGiveTheTargetToTheWeight() throws IOException {
    String amounts =
        Files.readString(swept.resolve("amounts.yaml"))
            .lines()
            .filter(line -> line.startsWith("  "))
            .map(String::strip)
            .collect(java.util.stream.Collectors.joining(", "));
    Path study =
        Files.writeString(
            folder.resolve("again.yaml"),
            STUDY.formatted("prune: {method: l1, scope: layer, amounts: {%s}}".formatted(amounts)));
    Path out = folder.resolve("again");
    Cli.run("run", study.toString(), "--out", out.toString(), "-q");

    // 75 % of 784 × 16 + 16 × 16 + 16 × 10 = 12,960 weights.
    assertThat(Files.readString(out.resolve("results.csv"))).contains(",sparsity,75,");
  }

  @Test
  void takesACheckpointOfARunAsItIs() throws IOException {
    Path out = folder.resolve("stored");
    Cli.Result result = sweep(run + "#default/1/0", out, "0.8");

    assertThat(result.exitCode()).as(result.err()).isZero();
    // Half of all weights were gone before, and stay so.
    assertThat(Files.readString(out.resolve("sensitivity.yaml"))).contains("model: {checkpoint: ");
    assertThat(result.out()).contains("amounts.yaml takes 80.00 % of the 12,960 prunable weights");
  }

  @Test
  void groupsLayersAndTakesWholeUnits() throws IOException {
    Path out = folder.resolve("units");
    Cli.Result result =
        sweep(
            file.toString(),
            out,
            "0.3",
            "--granularity",
            "output-units",
            "--group",
            "early/late",
            "--store",
            run.resolve("store").toString());

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(result.out()).contains("Group", "early", "late", "amounts.yaml takes");
    assertThat(Files.readString(out.resolve("amounts.yaml")))
        .contains("\"*\": 0", "layers.0.weight: ", "layers.1.weight: ")
        .doesNotContain("layers.2.weight");
  }
}

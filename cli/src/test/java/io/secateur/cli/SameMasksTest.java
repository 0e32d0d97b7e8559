package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.secateur.model.Checkpoint;
import io.secateur.study.Runs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real language model, calibrated in two runs that know nothing of each other. */
@Tag("engine")
class SameMasksTest {
  private static final String STUDY =
      """
      study: same
      seeds: [0]
      threads: 2
      data:
        text:
          file: tinystories/tinystories-train-first2MiB.txt.gz
          separator: "<|endoftext|>"
          tokenizer: %1$s
          train: {first: 100, count: 2}
          test: {first: 0, count: 1}
      model: {llama: {folder: %1$s}}
      pipeline:
        - prune: {method: wanda, scope: row, amount: 0.5, exclude: [model.embed_tokens.weight],
                  calibration: {examples: 2, batch: 2, order: blocks}}
      measure: [perplexity]
      """;

  @TempDir private Path folder = Path.of("");

  @Test
  void equalCalibrationSeedAndThreadsGiveEqualMasks() throws IOException {
    Path data = Cli.root().toAbsolutePath().normalize().resolveSibling("shared").resolve("data");
    assumeTrue(
        Files.isDirectory(data.resolve("stories260K"))
            && Files.isDirectory(data.resolve("tinystories")),
        "shared/data is not here: the real Llama is not calibrated");
    Path study =
        Files.writeString(
            folder.resolve("same.yaml"), STUDY.formatted(data.resolve("stories260K")));

    Checkpoint first = pruned(study, data, folder.resolve("first"));
    Checkpoint second = pruned(study, data, folder.resolve("second"));

    assertThat(first.masks()).hasSize(35).isEqualTo(second.masks());
    assertThat(first.parameters()).isEqualTo(second.parameters());
    exportedMeasuresTheSame(data);
  }

  private static Checkpoint pruned(Path study, Path data, Path run) throws IOException {
    Cli.Result result = Cli.run("run", "" + study, "--out", "" + run, "--data", "" + data, "-q");
    assertThat(result.exitCode()).as(result.err()).isZero();
    return new Runs().read(run + "#default/0");
  }

  /** The pruned model goes back into the layout that it came from, and computes what it did. */
  private void exportedMeasuresTheSame(Path data) throws IOException {
    String reference = folder.resolve("first") + "#default/0";
    Path exported = folder.resolve("exported");
    Cli.Result result =
        Cli.run("export", reference, "--format", "hugging-face", "-o", "" + exported);
    assertThat(result.exitCode()).as(result.err()).isZero();
    for (String name : new String[] {"config.json", "tokenizer.json"}) {
      assertThat(exported.resolve(name))
          .hasSameBinaryContentAs(data.resolve("stories260K").resolve(name));
    }
    assertThat(Files.size(exported.resolve("model.safetensors")))
        .isEqualTo(Files.size(data.resolve("stories260K/model.safetensors")));
    assertThat(Cli.run("inspect", reference, "" + exported).out())
        .doesNotContain("only in", "b is ")
        .contains("model.norm.weight");
  }
}

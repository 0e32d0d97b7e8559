package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.model.Checkpoint;
import io.secateur.model.CheckpointFiles;
import io.secateur.model.Grid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tiny net, pruned and quantized from a run's checkpoint, and what plans refuse around it. */
@Tag("engine")
class QuantizeCommandTest {
  private static final String STUDY =
      """
      study: tiny
      threads: 1
      data: {digits: {train: 300, test: 100}}
      model: {ffn: {hidden: [16]}}
      pipeline:
      %s
      measure: [accuracy, sparsity]
      """;

  private static final String TRAIN = "  - train: {epochs: 1}\n";
  private static final String PRUNE = "  - prune: {method: l1, amount: 0.5}\n";
  private static final String QUANTIZE = "  - quantize: {calibration: {examples: 50}}\n";

  @TempDir private static Path folder = Path.of("");
  private static Path run = Path.of("");
  private static Path out = Path.of("");
  private static Cli.Result quantized = new Cli.Result(0, "", "");

  @BeforeAll
  static void quantizeTheCheckpointOfARun() throws IOException {
    run = folder.resolve("run");
    Cli.run("run", study("tiny", TRAIN + PRUNE), "--out", run.toString(), "-q");
    out = folder.resolve("small");
    quantized =
        Cli.run(
            "quantize",
            run + "#default/1/0",
            "--set",
            "calibration={examples: 50}",
            "--set",
            "granularity=per-tensor",
            "--threads",
            "1",
            "-o",
            out.toString());
  }

  private static String study(String name, String pipeline) throws IOException {
    return Files.writeString(folder.resolve(name + ".yaml"), STUDY.formatted(pipeline)).toString();
  }

  @Test
  void printsWeightsSizesAndLosses() {
    assertThat(quantized.exitCode()).as(quantized.err()).isZero();
    assertThat(quantized.out())
        .containsPattern("layers\\.0\\.weight +12,544 +1 +\\d,\\d{3} +\\d,\\d{3}\n")
        .containsPattern("all +12,704 +4 +6,352 +\\d,\\d{3}\n")
        .containsPattern("accuracy \\(%\\) +\\d+\\S* +\\d+\\S*\n")
        .containsPattern("file +5\\d\\.\\d kB +1\\d\\.\\d kB\n")
        .endsWith("written: " + out + System.lineSeparator());
  }

  @Test
  void writesAModelOfIntegersThatKeepsItsZeros() throws IOException {
    Checkpoint model = CheckpointFiles.read(out);
    Map<String, Grid> grids = model.quantization().orElseThrow().grids();

    assertThat(grids).containsKeys("layers.0.weight", "out.weight", "out.bias");
    model
        .masks()
        .forEach(
            (name, mask) -> {
              float[] cells = model.parameter(name).toFloats();
              long back = 0;
              for (int i = 0; i < cells.length; i++) {
                back += !mask.keeps(i) && cells[i] != 0 ? 1 : 0;
              }
              assertThat(back).as(name).isZero();
            });
    Cli.Result evaluated =
        Cli.run(
            "evaluate",
            out.toString(),
            "--set-data",
            "{digits: {train: 300, test: 100}}",
            "--measure",
            "accuracy");
    assertThat(evaluated.exitCode()).as(evaluated.err()).isZero();
    String accuracy = evaluated.out().replaceAll("(?s).*accuracy +(\\S+).*", "$1");
    assertThat(quantized.out()).containsPattern("accuracy \\(%\\) +\\S+ +" + accuracy + "\n");
  }

  @Test
  void refusesAModelThatIsQuantizedOrWithoutData() {
    Cli.Result again = Cli.run("quantize", out.toString(), "--set-data", "digits", "-o", out + "2");
    assertThat(again.exitCode()).isEqualTo(Main.BAD_INPUT);
    assertThat(again.err()).contains("quantized already").hasLineCount(1);

    Cli.Result other =
        Cli.run("quantize", run + "#default/1/0", "--set-data", "friedman1", "-o", out + "2");
    assertThat(other.exitCode()).isEqualTo(Main.BAD_INPUT);
    assertThat(other.err()).contains("takes examples of (1, 28, 28)").hasLineCount(1);

    Cli.Result without = Cli.run("quantize", run.resolve("none").toString(), "-o", out + "2");
    assertThat(without.exitCode()).isEqualTo(Main.BAD_INPUT);
    assertThat(without.err()).contains("there is no such checkpoint").hasLineCount(1);
  }

  @Test
  void plansRefuseWhatMovesWeightsAfterwards() throws IOException {
    for (Map.Entry<String, String> each :
        Map.of(
                "  - finetune: {epochs: 1}\n", "finetune",
                "  - train: {epochs: 1}\n", "train",
                "  - compact\n", "compact",
                "  - prune: {method: sparsegpt, amount: 0.5}\n", "sparsegpt",
                "  - quantize\n", "quantize",
                "  - fold-batch-norm\n", "fold-batch-norm")
            .entrySet()) {
      Cli.Result plan =
          Cli.run("plan", study("refused-" + each.getValue(), TRAIN + QUANTIZE + each.getKey()));
      assertThat(plan.exitCode()).as(each.getKey()).isEqualTo(Main.BAD_INPUT);
      assertThat(plan.err()).as(each.getKey()).contains(each.getValue(), "quantize");
    }
  }

  @Test
  void plansTakeWhatComposes() throws IOException {
    List<String> fine =
        List.of(
            TRAIN + QUANTIZE + PRUNE,
            TRAIN + PRUNE + QUANTIZE,
            TRAIN + "  - imp: {rounds: 2, rate: 0.3}\n" + QUANTIZE,
            TRAIN
                + "  - rounds: {rounds: 2, stages: [{prune: {method: l1, amount: {of-remaining:"
                + " 0.3}}}, {finetune: {epochs: 1}}]}\n"
                + QUANTIZE);
    for (String pipeline : fine) {
      Cli.Result plan = Cli.run("plan", study("fine" + fine.indexOf(pipeline), pipeline));
      assertThat(plan.err()).as(pipeline).isEmpty();
      assertThat(plan.exitCode()).as(pipeline).isZero();
    }
  }

  @Test
  void pruningAfterwardsKeepsTheIntegers() throws IOException {
    Path after = folder.resolve("after");
    Cli.Result ran =
        Cli.run("run", study("after", TRAIN + QUANTIZE + PRUNE), "--out", after.toString(), "-q");
    assertThat(ran.exitCode()).as(ran.err()).isZero();
    assertThat(Files.readString(after.resolve("results.csv"))).contains(",sparsity,50,");
    assertThat(Files.readString(after.resolve("layers.md")))
        .contains("what quantize did", "| layers.0.weight | 12,544 | 0 |");
  }
}

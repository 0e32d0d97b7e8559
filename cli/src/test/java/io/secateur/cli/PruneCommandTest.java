package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Safetensors;
import io.secateur.model.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Tag("engine")
class PruneCommandTest {
  @TempDir private Path folder = Path.of("");
  private Path model = Path.of("");

  /** A folder with an embedding, two layers, a norm, a head and a count. */
  @BeforeEach
  void write() throws IOException {
    model = Files.createDirectory(folder.resolve("model"));
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    tensors.put("model.embed_tokens.weight", counting(DataType.BFLOAT16, 5, 8));
    tensors.put("model.layers.0.up.weight", counting(DataType.BFLOAT16, 4, 8));
    tensors.put("model.layers.0.down.weight", counting(DataType.FLOAT32, 2, 10));
    tensors.put("model.norm.weight", counting(DataType.BFLOAT16, 8));
    tensors.put("lm_head.weight", counting(DataType.BFLOAT16, 5, 8));
    tensors.put(
        "count", Tensor.of(DataType.INT64, new Shape(1, 1), List.of(ByteBuffer.allocate(8))));
    new Safetensors(tensors, Map.of("format", "pt")).write(model.resolve("model.safetensors"));
    Files.writeString(model.resolve("config.json"), "{\"hidden_size\": 8}");
  }

  /** 1, 2, 3 … */
  private static Tensor counting(DataType type, long... shape) {
    float[] values = new float[(int) new Shape(shape).size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i + 1;
    }
    return Tensor.of(new Shape(shape), values).as(type);
  }

  private String neutral(String text) {
    return text.replace(folder.toString(), "FOLDER");
  }

  private static float[] values(Path file, String name) throws IOException {
    Tensor tensor = Objects.requireNonNull(Safetensors.read(file).tensors().get(name));
    return tensor.toFloat32().toFloats();
  }

  @Test
  void aFolderIsPrunedButForItsEnds() throws IOException {
    Path out = folder.resolve("out");
    Path report = folder.resolve("report.json");

    Cli.Result result =
        Cli.run(
            "prune",
            model.toString(),
            "--amount",
            "0.5",
            "-o",
            out.toString(),
            "--report",
            report.toString());

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    Golden.check("prune/folder", neutral(result.out()));
    // 26 of 52: of equals those in the file's first tensor, which is the one of the widest type.
    assertThat(values(out.resolve("model.safetensors"), "model.layers.0.down.weight"))
        .startsWith(new float[13])
        .endsWith(14, 15, 16, 17, 18, 19, 20);
    assertThat(values(out.resolve("model.safetensors"), "model.layers.0.up.weight"))
        .startsWith(new float[13])
        .endsWith(31, 32)
        .contains(14);
    assertThat(out.resolve("config.json")).hasSameBinaryContentAs(model.resolve("config.json"));
    JsonNode json = JsonMapper.builder().build().readTree(Files.readString(report));
    assertThat(json.path("together").path("zeros_after").asInt()).isEqualTo(26);
    assertThat(json.path("left").path("embeddings, heads and masks")).hasSize(2);
  }

  @Test
  void aPatternLeavesNOfM() throws IOException {
    Path out = folder.resolve("out.safetensors");
    Cli.Result result =
        Cli.run(
            "prune",
            model.resolve("model.safetensors").toString(),
            "--pattern",
            "2:4",
            "--include",
            "*.down.*",
            "-o",
            out.toString());

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(values(out, "model.layers.0.down.weight"))
        .containsExactly(0, 0, 3, 4, 0, 0, 7, 8, 0, 10, 0, 0, 13, 14, 0, 0, 17, 18, 0, 20);
  }

  @Test
  void aDryRunPrintsTheTableAndWritesNothing() throws IOException {
    Path file = model.resolve("model.safetensors");
    Cli.Result result =
        Cli.run(
            "prune",
            file.toString(),
            "--method",
            "random",
            "--scope",
            "row",
            "--amount",
            "{count: 3}",
            "--exclude",
            "lm_head*",
            "--dry-run");

    Golden.check("prune/dry-run", neutral(result.out()));
    try (Stream<Path> inside = Files.list(folder)) {
      assertThat(inside).containsExactly(model);
    }
  }

  @Test
  void whatFailsInTheChildIsToldInOneLine() {
    Cli.Result result = Cli.run("prune", model.toString(), "--amount", "{count: 99}", "--dry-run");

    assertThat(result.exitCode()).isEqualTo(Main.BAD_INPUT);
    assertThat(result.out()).isEmpty();
    assertThat(result.err().lines())
        .containsExactly(
            "secateur: all weights together: 99 units of a budget of 52 were to be pruned, 52 of"
                + " them remain; ask for at most that many");
  }

  @Test
  void aPatternThatNamesNothingIsAnsweredWithNames() {
    Cli.Result result =
        Cli.run(
            "prune", model.toString(), "--amount", "0.5", "--exclude", "lm_heads*", "--dry-run");

    assertThat(result.exitCode()).isEqualTo(Main.BAD_INPUT);
    assertThat(result.err())
        .startsWith("secateur: --exclude lm_heads*: no tensor is called so")
        .contains("lm_head.weight")
        .hasLineCount(1);
  }

  @Test
  void whereNothingIsLeftToPruneItSaysWhy() {
    Cli.Result result =
        Cli.run("prune", model.toString(), "--amount", "0.5", "--include", "count", "--dry-run");

    assertThat(result.exitCode()).isEqualTo(Main.BAD_INPUT);
    assertThat(result.err()).contains("nothing is left to prune", "no floating numbers: count");
  }

  /** Whoever reads the report of a run that was asked for nothing sees the file as it is. */
  @Test
  void aFileWhereNothingGoesIsTheSameFile() {
    Path file = model.resolve("model.safetensors");
    Path out = folder.resolve("same.safetensors");

    Cli.Result result = Cli.run("prune", file.toString(), "--amount", "0", "-o", out.toString());

    assertThat(result.exitCode()).as(result.err()).isZero();
    assertThat(out).hasSameBinaryContentAs(file);
  }

  @Test
  void onlyFilesOfTorchHaveSomethingWithin() {
    Cli.Result result =
        Cli.run("prune", model.toString(), "--amount", "0.5", "--within", "x", "--dry-run");

    assertThat(result.exitCode()).isEqualTo(Main.BAD_INPUT);
    assertThat(result.err()).contains("only a file of torch.save has a 'x' within");
  }
}

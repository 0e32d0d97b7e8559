package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Affine;
import io.secateur.model.Checkpoint;
import io.secateur.model.CheckpointFiles;
import io.secateur.model.Encoding;
import io.secateur.model.Grid;
import io.secateur.model.Initialisation;
import io.secateur.model.Quantization;
import io.secateur.model.Tensor;
import io.secateur.sparsity.Mask;
import io.secateur.spi.Task;
import io.secateur.zoo.Ffn;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
  private static final Task TASK = new Task.Classification(new Shape(1, 2, 2), 2);

  @TempDir private Path folder = Path.of("");
  private Path one = Path.of("");
  private Path other = Path.of("");

  /** Two models of 4-3-2: one with 0…11 in its first weight, the other with the odd ones pruned. */
  @BeforeEach
  void write() throws IOException {
    Checkpoint fresh = new Ffn(List.of(3), Initialisation.PYTORCH).open(TASK, 1);
    Map<String, Tensor> parameters = new HashMap<>(fresh.parameters());
    parameters.put("layers.0.weight", weight(1));
    Checkpoint dense = fresh.withParameters(parameters);
    one = folder.resolve("one");
    CheckpointFiles.write(dense, one);
    parameters.put("layers.0.weight", weight(2));
    Mask mask =
        Mask.of(fresh.architecture().parameter("layers.0.weight").form(), cell -> cell % 2 == 0);
    other = folder.resolve("other");
    CheckpointFiles.write(
        dense.withParameters(parameters).withMasks(Map.of("layers.0.weight", mask)), other);
  }

  /** 0…11, of which every {@code step}-th is kept. */
  private static Tensor weight(int step) {
    float[] values = new float[12];
    for (int i = 0; i < values.length; i += step) {
      values[i] = i;
    }
    return Tensor.of(new Shape(3, 4), values);
  }

  @Test
  void aModelByNameIsShownLayerByLayer() throws IOException {
    Cli.Result result = Cli.run("inspect", "mnist-cnn");
    assertThat(result.exitCode()).isZero();
    Golden.check("inspect/mnist-cnn", result.out());
  }

  @Test
  void groupsAreWhatGoesTogether() throws IOException {
    Cli.Result result = Cli.run("inspect", "mnist-cnn", "--groups");
    assertThat(result.exitCode()).isZero();
    Golden.check("inspect/groups", result.out());
  }

  @Test
  void settingsInputAndClassesMakeAnotherModel() {
    assertThat(Cli.run("inspect", "{ffn: {hidden: [1024, 1024]}}", "--input", "1x20x20").out())
        .contains("1024 x 400", "1,470,474");
    assertThat(Cli.run("inspect", "ffn", "--classes", "3").out()).contains("3 x 1024");
  }

  @Test
  void aCheckpointIsShownWithWhatIsZeroAndItsSizes() throws IOException {
    Cli.Result result = Cli.run("inspect", other.toString());
    assertThat(result.exitCode()).isZero();
    Golden.check("inspect/checkpoint", result.out().replace(folder.toString(), "FOLDER"));
  }

  @Test
  void twoCheckpointsAreComparedParameterByParameter() throws IOException {
    Cli.Result result = Cli.run("inspect", one.toString(), other.toString());
    assertThat(result.exitCode()).isZero();
    Golden.check("inspect/comparison", result.out().replace(folder.toString(), "FOLDER"));
  }

  @Test
  void aCheckpointEqualsItself() {
    assertThat(Cli.run("inspect", one.toString(), one.toString()).out())
        .contains("Parameters and masks are equal.")
        .doesNotContain("differ");
  }

  @Test
  void attachmentsAreShownAndCompared() throws IOException {
    Checkpoint bare = CheckpointFiles.read(one);
    for (String words : List.of("a", "b")) {
      byte[] bytes = words.getBytes(java.nio.charset.StandardCharsets.UTF_8);
      CheckpointFiles.write(
          bare.attaching(Map.of("vocabulary.txt", bytes)), folder.resolve("with-" + words));
    }
    String a = folder.resolve("with-a").toString();

    assertThat(Cli.run("inspect", a).out()).contains("attached: vocabulary.txt, 1 B");
    assertThat(Cli.run("inspect", a, folder.resolve("with-b").toString()).out())
        .contains("vocabulary.txt, attached to both, is not the same.\nThey differ.");
    assertThat(Cli.run("inspect", one.toString(), a).out())
        .contains("vocabulary.txt is attached to b only.\nThey differ.");
    assertThat(Cli.run("inspect", a, a).out()).contains("Parameters and masks are equal.");
  }

  @Test
  void aWeightIsPrintedBesideItsMask() throws IOException {
    Cli.Result result = Cli.run("inspect", other.toString(), "--values", "layers.0");
    Golden.check("inspect/values", result.out());
  }

  @Test
  void anUnknownLayerIsAnsweredWithTheNames() {
    Cli.Result result = Cli.run("inspect", one.toString(), "--values", "layers.1");
    assertThat(result.exitCode()).isEqualTo(Main.BAD_INPUT);
    assertThat(result.err()).contains("layers.0.weight", "out.bias");
  }

  @Test
  void aStateDictIsReadIntoTheModelThatIsNamed() throws IOException {
    Path file = one.resolve("model.safetensors");
    Cli.Result bare = Cli.run("inspect", file.toString());
    assertThat(bare.exitCode()).isEqualTo(Main.BAD_INPUT);
    assertThat(bare.err()).contains("model");
    Cli.Result named =
        Cli.run(
            "inspect",
            file.toString(),
            "--model",
            "{ffn: {hidden: [3]}}",
            "--input",
            "1x2x2",
            "--classes",
            "2");
    assertThat(named.out()).contains("layers.0", "3 x 4");
  }

  @Test
  void aFileOfAnEncodingIsACheckpointToo() throws IOException {
    Path file = folder.resolve("sparse.safetensors");
    Encoding.BITMASK.write(CheckpointFiles.read(other), file);
    assertThat(Cli.run("inspect", file.toString()).out()).contains("58.33 %");
  }

  /** The model with the even numbers on a grid of halves, a scale each row; its inputs are 0…1. */
  private Path quantized(String name, float lastScale) throws IOException {
    Checkpoint model = CheckpointFiles.read(other);
    Shape rows = new Shape(3);
    Grid grid = new Grid(Tensor.of(rows, 0.5f, 0.5f, lastScale), 127);
    Quantization quantization =
        new Quantization(
            Map.of("layers.0.weight", grid),
            Map.of(Quantization.INPUT, Affine.over(0, 1), "layers.0", Affine.over(-1, 1.55)),
            Set.of("out"));
    Path written = folder.resolve(name);
    CheckpointFiles.write(model.withQuantization(Optional.of(quantization)), written);
    return written;
  }

  @Test
  void aQuantizedCheckpointIsShownWithItsIntegers() throws IOException {
    Cli.Result result = Cli.run("inspect", quantized("quantized", 0.5f).toString());
    assertThat(result.exitCode()).isZero();
    Golden.check("inspect/quantized", result.out().replace(folder.toString(), "FOLDER"));
  }

  @Test
  void quantizedCheckpointsAreComparedByTheirGrids() throws IOException {
    String a = quantized("quantized", 0.5f).toString();
    String b = quantized("others", 0.25f).toString();
    assertThat(Cli.run("inspect", a, a).out()).contains("Parameters and masks are equal.");
    assertThat(Cli.run("inspect", a, b).out())
        .contains("layers.0.weight: 1 of 3 scales differ.\nThey differ.");
    assertThat(Cli.run("inspect", other.toString(), b).out())
        .contains("b is quantized only.\nThey differ.");
  }
}

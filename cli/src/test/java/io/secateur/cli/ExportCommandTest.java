package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("engine")
class ExportCommandTest {
  private static final String WEIGHT = "layers.0.weight";
  private static final String HELD = "what it holds at 0 is 0 in the numbers";
  private static final String[] MODEL = {
    "--model", "{ffn: {hidden: [3]}}", "--input", "1x2x2", "--classes", "2"
  };

  @TempDir private Path folder = Path.of("");
  private Path pruned = Path.of("");
  private Path quantized = Path.of("");

  /** A model of 4-3-2 with 0, 2, 4 … 10 in its first weight, and the same on a grid. */
  @BeforeEach
  void write() throws IOException {
    Checkpoint fresh =
        new Ffn(List.of(3), Initialisation.PYTORCH)
            .open(new Task.Classification(new Shape(1, 2, 2), 2), 1);
    Map<String, Tensor> parameters = new HashMap<>(fresh.parameters());
    float[] values = new float[12];
    for (int i = 0; i < values.length; i += 2) {
      values[i] = i;
    }
    parameters.put(WEIGHT, Tensor.of(new Shape(3, 4), values));
    Mask mask = Mask.of(fresh.architecture().parameter(WEIGHT).form(), cell -> cell % 2 == 0);
    Checkpoint model =
        fresh
            .withParameters(parameters)
            .withMasks(Map.of(WEIGHT, mask))
            .attaching(Map.of("words.txt", "a b".getBytes(StandardCharsets.UTF_8)));
    pruned = folder.resolve("pruned");
    CheckpointFiles.write(model, pruned);
    Grid grid = new Grid(Tensor.of(new Shape(1), 0.5f), 127);
    quantized = folder.resolve("quantized");
    CheckpointFiles.write(
        model.withQuantization(
            Optional.of(new Quantization(Map.of(WEIGHT, grid), Map.of(), Set.of()))),
        quantized);
  }

  private Path out(String name) {
    return folder.resolve(name);
  }

  private static Cli.Result export(Path checkpoint, String format, Path out, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of("export", checkpoint.toString(), "--format", format, "-o", out.toString()));
    arguments.addAll(List.of(more));
    return Cli.run(arguments.toArray(String[]::new));
  }

  private String neutral(Cli.Result result) {
    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    return result.out().replace(folder.toString(), "FOLDER");
  }

  @Test
  void aStateDictOfTorchIsReadAgainWhereTheModelIsNamed() throws IOException {
    Golden.check("export/torch", neutral(export(quantized, "torch", out("net.pth"))));

    List<String> again = new ArrayList<>(List.of("inspect", out("net.pth").toString()));
    again.addAll(List.of(MODEL));
    Cli.Result inspected = Cli.run(again.toArray(String[]::new));
    assertThat(inspected.out()).as(inspected.err()).contains("layers.0", "3 x 4");
    assertThat(
            CheckpointFiles.readStateDict(
                    out("net.pth"), CheckpointFiles.read(pruned).architecture())
                .parameters())
        .isEqualTo(CheckpointFiles.read(pruned).parameters());
  }

  /** Returns what the process that exports would answer, from this one. */
  private List<String> encoded(Path checkpoint, Path file, Optional<String> encoding)
      throws IOException {
    ModelOptions none = new ModelOptions();
    return ExportCommand.told(
        ExportChild.answer(
            new ExportQuestion(
                checkpoint.toString(),
                none,
                "safetensors",
                encoding.or(() -> Optional.of("dense")),
                encoding.isEmpty(),
                file,
                List.of())));
  }

  @Test
  void aStateDictAloneDoesNotSayOfWhichModelItIs() {
    assertThat(export(pruned, "torch", out("net.pth")).exitCode()).isZero();

    Cli.Result result = export(out("net.pth"), "safetensors", out("net"));

    assertThat(result.exitCode()).isEqualTo(Main.BAD_INPUT);
    assertThat(result.err()).contains("net.pth is a file of torch.save").hasLineCount(1);
  }

  @Test
  void aFolderHoldsAllOfACheckpoint() throws IOException {
    Golden.check("export/folder", neutral(export(quantized, "safetensors", out("copy"))));

    assertThat(CheckpointFiles.read(out("copy"))).isEqualTo(CheckpointFiles.read(quantized));
  }

  @Test
  void aSafetensorsFileIsDenseUnlessAnEncodingIsNamed() throws IOException {
    Golden.check("export/dense", neutral(export(pruned, "safetensors", out("a.safetensors"))));
    Checkpoint model = CheckpointFiles.read(pruned);
    assertThat(Encoding.DENSE.read(out("a.safetensors")).parameters())
        .isEqualTo(model.parameters());

    for (Encoding encoding : List.of(Encoding.COO, Encoding.BITMASK, Encoding.WEIGHTS_AND_MASKS)) {
      Path file = out(encoding.label() + ".safetensors");
      List<String> said = encoded(pruned, file, Optional.of(encoding.label()));
      assertThat(said.contains("left behind: the mask of one weight: " + HELD))
          .isEqualTo(encoding != Encoding.WEIGHTS_AND_MASKS);
      assertThat(encoding.read(file).parameters()).isEqualTo(model.parameters());
    }
  }

  @Test
  void aQuantizedModelKeepsItsIntegersUnlessOthersAreAskedFor() throws IOException {
    Checkpoint model = CheckpointFiles.read(quantized);
    assertThat(encoded(quantized, out("a.safetensors"), Optional.empty()).toString())
        .doesNotContain("quantized");
    assertThat(Encoding.INT8.read(out("a.safetensors")).quantization())
        .isEqualTo(model.quantization());

    encoded(quantized, out("b.safetensors"), Optional.of("int8-bitmask"));
    assertThat(Encoding.INT8_BITMASK.read(out("b.safetensors")).quantization())
        .isEqualTo(model.quantization());

    assertThat(encoded(quantized, out("c.safetensors"), Optional.of("dense")).toString())
        .contains("left behind: that it is quantized: the numbers are the float32 ones");
    assertThat(Encoding.DENSE.read(out("c.safetensors")).parameters())
        .isEqualTo(model.parameters());
  }

  @Test
  void whatCannotBeDoneIsToldInOneLineAndWritesNothing() throws IOException {
    assertRefused(
        export(pruned, "safetensors", out("x.safetensors"), "--encoding", "int8"),
        "is not quantized, so nothing of it is int8");
    assertRefused(
        export(pruned, "safetensors", out("x"), "--encoding", "coo"),
        "let OUT end in .safetensors");
    assertRefused(
        export(pruned, "safetensors", out("x.safetensors"), "--encoding", "cbor"),
        "there is no such encoding, there are dense, coo");
    assertRefused(export(pruned, "torhc", out("x.pth")), "Did you mean 'torch'?");
    assertRefused(export(pruned, "torch", quantized), "is there already");
    assertRefused(export(pruned, "torch", out("no/such/x.pth")), "there is no folder");
    assertRefused(
        export(pruned, "hugging-face", out("x")), "the model came from no folder of Hugging Face");
    assertRefused(export(out("absent"), "torch", out("x.pth")), "there is no such checkpoint");
    try (Stream<Path> inside = Files.list(folder)) {
      assertThat(inside).containsExactlyInAnyOrder(pruned, quantized);
    }
  }

  private static void assertRefused(Cli.Result result, String words) {
    assertThat(result.exitCode()).as(result.err()).isEqualTo(Main.BAD_INPUT);
    assertThat(result.out()).isEmpty();
    assertThat(result.err()).startsWith("secateur: ").contains(words).hasLineCount(1);
  }
}

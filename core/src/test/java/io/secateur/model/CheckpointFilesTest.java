package io.secateur.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFilesTest {
  private static final Architecture NET = ArchitectureTest.SMALL_CONVNET;
  @TempDir Path folder;

  private static Checkpoint full() {
    Checkpoint pruned = EncodingTest.pruned(NET, 3);
    TrainingState training =
        new TrainingState(
            40,
            100,
            Map.of("fc1.bias/momentum", Tensor.of(new Shape(5), 1, 2, 3, 4, 5)),
            List.of(
                new TrainingState.Epoch(1, Map.of("loss", 0.1 + 0.2, "accuracy", 97.0)),
                new TrainingState.Epoch(2, Map.of("loss", Double.NaN))));
    return new Checkpoint(
        NET,
        pruned.parameters(),
        pruned.masks(),
        Optional.of(training),
        Map.of("vocabulary.txt", new byte[] {1, 2, 3}, "empty", new byte[0]));
  }

  @Test
  void comesBackAsItWent() throws IOException {
    CheckpointFiles.write(full(), folder.resolve("a"));

    assertThat(CheckpointFiles.read(folder.resolve("a"))).isEqualTo(full());
  }

  @Test
  void writesOnlyTheFilesThatAreNeeded() throws IOException {
    CheckpointFiles.write(
        new Checkpoint(NET, full().parameters()), folder.resolve("deep").resolve("a"));

    assertThat(names(folder.resolve("deep"))).containsExactly("a");
    assertThat(names(folder.resolve("deep").resolve("a")))
        .containsExactlyInAnyOrder("architecture.json", "model.safetensors");
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  @Test
  void keepsATrainingThatIsOver() throws IOException {
    TrainingState over = new TrainingState(10, 10, Map.of(), List.of());
    Checkpoint checkpoint =
        new Checkpoint(NET, full().parameters()).withTraining(Optional.of(over));

    CheckpointFiles.write(checkpoint, folder.resolve("a"));

    assertThat(CheckpointFiles.read(folder.resolve("a")).training()).contains(over);
  }

  @Test
  void writesNothingOverWhatIsThere() throws IOException {
    Files.createDirectory(folder.resolve("a"));

    assertThatThrownBy(() -> CheckpointFiles.write(full(), folder.resolve("a")))
        .isInstanceOf(FileAlreadyExistsException.class)
        .hasMessageContaining("delete this first");
  }

  @Test
  void saysWhenThereIsNoCheckpoint() {
    assertThatThrownBy(() -> CheckpointFiles.read(folder))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("no checkpoint is here");
  }

  @Test
  void namesTheFolderWhenItsFilesDisagree() throws IOException {
    CheckpointFiles.write(full(), folder.resolve("a"));
    new Safetensors(Map.of("fc1.weight", Tensor.zeros(new Shape(1))))
        .write(folder.resolve("a").resolve("model.safetensors"));

    assertThatThrownBy(() -> CheckpointFiles.read(folder.resolve("a")))
        .isInstanceOf(MalformedFileException.class)
        .hasMessage(folder.resolve("a") + ": parameter conv1.weight is missing");
  }

  @Test
  void refusesDamagedMasks() throws IOException {
    CheckpointFiles.write(full(), folder.resolve("a"));
    new Safetensors(
            Map.of(
                "fc2.weight",
                Tensor.of(
                    DataType.UINT8, new Shape(2), List.of(ByteBuffer.wrap(new byte[] {1, -1})))))
        .write(folder.resolve("a").resolve("masks.safetensors"));

    assertThatThrownBy(() -> CheckpointFiles.read(folder.resolve("a")))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("the mask of fc2.weight: ");
  }

  @Test
  void readsAStateDictIntoAnArchitecture() throws IOException {
    Map<String, Tensor> parameters = NET.initialise(Initialisation.PYTORCH, 2);
    Map<String, Tensor> dict = new LinkedHashMap<>(parameters);
    dict.put("bn.num_batches_tracked", Tensor.of(new Shape(), 7));
    new Safetensors(dict).write(folder.resolve("a"));

    assertThat(CheckpointFiles.readStateDict(folder.resolve("a"), NET))
        .isEqualTo(new Checkpoint(NET, parameters));
  }

  @Test
  void convertsAStateDictInHalfPrecision() throws IOException {
    Architecture small = new Architecture(new Shape(2), List.of(new Linear("fc", 1, false)));
    ByteBuffer halves = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN);
    halves.putShort((short) 0x3c00).putShort((short) 0xc000).flip();
    new Safetensors(
            Map.of("fc.weight", Tensor.of(DataType.FLOAT16, new Shape(1, 2), List.of(halves))))
        .write(folder.resolve("a"));

    assertThat(
            CheckpointFiles.readStateDict(folder.resolve("a"), small)
                .parameter("fc.weight")
                .toFloats())
        .containsExactly(1, -2);
  }

  @Test
  void listsAllDifferencesOfAStateDict() throws IOException {
    Map<String, Tensor> dict = new LinkedHashMap<>(NET.initialise(Initialisation.PYTORCH, 2));
    dict.remove("conv1.bias");
    dict.put("fc1.bias", Tensor.zeros(new Shape(6)));
    dict.put("head.weight", Tensor.zeros(new Shape(2, 5)));
    new Safetensors(dict).write(folder.resolve("a"));

    assertThatThrownBy(() -> CheckpointFiles.readStateDict(folder.resolve("a"), NET))
        .hasMessage(
            folder.resolve("a")
                + " does not fit the architecture: conv1.bias(3) is missing; fc1.bias must be (5),"
                + " is (6); head.weight(2, 5) is not asked for");
  }

  @Test
  void saysThatAStateDictAloneNeedsAModel() throws IOException {
    new Safetensors(full().parameters()).write(folder.resolve("a"));

    assertThatThrownBy(() -> CheckpointFiles.read(folder.resolve("a")))
        .hasMessageEndingWith("name a model to read it as that model's state dict");
  }
}

package io.secateur.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Checkpoint;
import io.secateur.model.CheckpointFiles;
import io.secateur.model.Initialisation;
import io.secateur.sparsity.Mask;
import io.secateur.spi.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoredTest {
  private static final Task TASK = new Task.Classification(new Shape(4), 2);
  private static final Mlp SMALL = new Mlp(List.of(3), 0, Initialisation.PYTORCH);

  @TempDir private Path folder;

  private Stored stored(String name, long seed) throws IOException {
    Checkpoint trained = SMALL.open(TASK, seed);
    Mask mask = trained.mask("fc1.weight");
    Path path = folder.resolve(name);
    CheckpointFiles.write(trained.withMasks(Map.of("fc1.weight", mask)), path);
    return new Stored(path.toString());
  }

  @Test
  void opensWithArchitectureParametersAndMasksWhateverTheSeed() throws IOException {
    Stored model = stored("a", 7);

    assertThat(model.open(TASK, 1))
        .isEqualTo(CheckpointFiles.read(Path.of(model.path())))
        .isEqualTo(model.open(TASK, 2));
    assertThat(model.open(TASK, 1).masks()).containsOnlyKeys("fc1.weight");
    assertThat(model.architecture(TASK)).isEqualTo(SMALL.architecture(TASK));
  }

  @Test
  void hasADigestOfWhatItReadsAsFingerprint() throws IOException {
    Stored one = stored("a", 7);
    String before = one.fingerprint();

    assertThat(before).matches("[0-9a-f]{64}").isEqualTo(stored("copy", 7).fingerprint());
    assertThat(stored("b", 8).fingerprint()).isNotEqualTo(before);
    Files.writeString(Path.of(one.path()).resolve("training.json"), "{}");
    assertThat(one.fingerprint()).isEqualTo(before);
  }

  @Test
  void refusesWhatIsNotThereAndWhatDoesNotFitTheData() throws IOException {
    assertThatThrownBy(() -> new Stored().architecture(TASK))
        .hasMessage("checkpoint needs a path, as in checkpoint: {path: DIR}");
    assertThatThrownBy(() -> new Stored(folder + "/none").architecture(TASK))
        .hasMessageStartingWith("there is no checkpoint ");
    Stored model = stored("a", 7);
    assertThatThrownBy(() -> model.architecture(new Task.Classification(new Shape(5), 2)))
        .hasMessage(model.path() + " takes inputs (4), but the data has (5)");
    assertThatThrownBy(() -> model.architecture(new Task.Classification(new Shape(4), 3)))
        .hasMessageContaining("but the data asks for 3 numbers");
  }
}

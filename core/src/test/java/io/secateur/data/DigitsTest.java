package io.secateur.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.spi.DataFiles;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DigitsTest {
  private final Digits digits = new Digits(60, 30, 5, 0);

  @TempDir Path home;
  private DataFiles files;

  @BeforeEach
  void setUp() {
    files = DataLocations.of(Optional.empty(), Map.of(), "Linux", home);
  }

  @Test
  void hasTheSizesOfItsSettings() {
    assertThat(new Digits()).isEqualTo(new Digits(12_000, 2_000, 28, 0));
    assertThat(digits.size(Split.TRAIN, files)).isEqualTo(60);
    assertThat(digits.size(Split.CALIBRATION, files)).isEqualTo(60);
    assertThat(digits.size(Split.TEST, files)).isEqualTo(30);
    assertThat(digits.size(Split.VALIDATION, files)).isZero();
    assertThat(digits.task()).isEqualTo(new Task.Classification(new Shape(1, 28, 28), 10));
  }

  @Test
  @Tag("engine")
  void setsAValidationPartApartThatIsNotTrainedOn() {
    Digits apart = new Digits(60, 30, 5, 0.25);
    assertThat(apart.size(Split.TRAIN, files)).isEqualTo(45);
    assertThat(apart.size(Split.VALIDATION, files)).isEqualTo(15);
    assertThat(apart.size(Split.TEST, files)).isEqualTo(30);
    try (NDManager manager = NDManager.newBaseManager()) {
      Set<String> seen = new HashSet<>();
      for (Split split : List.of(Split.TRAIN, Split.VALIDATION)) {
        Examples part = apart.open(split, files);
        assertThat(part.size()).isEqualTo(apart.size(split, files));
        for (int i = 0; i < part.size(); i++) {
          seen.add(Arrays.toString(part.batch(new int[] {i}, manager).inputs().toFloatArray()));
        }
      }
      assertThat(seen).hasSize(60);
    }
  }

  @Test
  void sizesAndFingerprintGenerateNothing() {
    assertThat(digits.fingerprint(files)).hasSize(64);

    assertThat(files.cache()).doesNotExist();
  }

  @Test
  void theFingerprintFollowsEverySetting() {
    assertThat(digits.fingerprint(files))
        .isEqualTo(new Digits(60, 30, 5, 0).fingerprint(files))
        .isNotEqualTo(new Digits(61, 30, 5, 0).fingerprint(files))
        .isNotEqualTo(new Digits(60, 31, 5, 0).fingerprint(files))
        .isNotEqualTo(new Digits(60, 30, 6, 0).fingerprint(files));
  }

  @Test
  void keepsEachSplitInTheCache() {
    digits.open(Split.TRAIN, files);
    digits.open(Split.TEST, files);

    assertThat(files.cache().resolve("digits"))
        .isDirectoryContaining(path -> path.endsWith("train-60-seed-5-generator-1.bin"))
        .isDirectoryContaining(path -> path.endsWith("test-30-seed-5-generator-1.bin"));
  }

  @Test
  void saysThatItIsNoBenchmark() {
    assertThat(digits.description()).contains("Synthetic and no benchmark");
  }

  @Test
  void refusesSizesOutsideTheirRange() {
    assertThatThrownBy(() -> new Digits(0, 10, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("train must be between 1 and 1000000 examples, was 0");
    assertThatThrownBy(() -> new Digits(10, 1_000_001, 1, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("test must be between 1 and 1000000 examples, was 1000001");
  }

  @Test
  void hasNoValidationSplitToOpen() {
    assertThatThrownBy(() -> digits.open(Split.VALIDATION, files))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "digits has no validation split; it has train, test,"
                + " and for calibration the training examples");
  }

  @Test
  @Tag("engine")
  void givesNormalisedBatchesInTheOrderAsked() {
    DigitsFile expected = DigitsFile.generate(Split.TEST, 30, 5);
    Examples examples = digits.open(Split.TEST, files);

    try (NDManager manager = NDManager.newBaseManager()) {
      Examples.Batch batch = examples.batch(new int[] {29, 3}, manager);
      Examples.Batch next = examples.batch(new int[] {0}, manager);

      assertThat(examples.size()).isEqualTo(30);
      assertThat(batch.inputs().getShape()).isEqualTo(new Shape(2, 1, 28, 28));
      assertThat(batch.inputs().getDataType()).isEqualTo(DataType.FLOAT32);
      assertThat(batch.targets().getDataType()).isEqualTo(DataType.INT64);
      assertThat(batch.targets().toLongArray())
          .containsExactly(expected.labels()[29], expected.labels()[3]);
      float[] values = batch.inputs().toFloatArray();
      byte[] pixels = expected.pixels();
      for (int k = 0; k < 784; k++) {
        assertThat(values[k])
            .isCloseTo(((pixels[29 * 784 + k] & 0xff) / 255f - 0.1163f) / 0.2440f, within(1e-6f));
        assertThat(values[784 + k])
            .isCloseTo(((pixels[3 * 784 + k] & 0xff) / 255f - 0.1163f) / 0.2440f, within(1e-6f));
      }
      assertThat(next.inputs().getShape()).isEqualTo(new Shape(1, 1, 28, 28));
    }
  }
}

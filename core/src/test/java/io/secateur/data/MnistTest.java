package io.secateur.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.spi.DataFiles;
import io.secateur.spi.DatasetSource;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MnistTest {
  @TempDir Path data;
  @TempDir Path home;
  private Path folder;
  private DataFiles files;

  @BeforeEach
  void writeFiles() throws IOException {
    folder = data.resolve("mnist");
    files = DataLocations.of(Optional.of(data), Map.of(), "Linux", home);
    IdxFolder.write(folder, 25, 12);
  }

  @Test
  void readsSizesFromHeaders() throws IOException {
    // Headers only: nothing follows them.
    Files.write(folder.resolve(IdxFolder.TEST_IMAGES), header(IdxFolder.images(12), 16));
    Files.write(folder.resolve(IdxFolder.TEST_LABELS), header(IdxFolder.labels(12), 8));

    assertThat(new Mnist().size(Split.TRAIN, files)).isEqualTo(25);
    assertThat(new Mnist().size(Split.CALIBRATION, files)).isEqualTo(25);
    assertThat(new Mnist().size(Split.TEST, files)).isEqualTo(12);
    assertThat(new Mnist().size(Split.VALIDATION, files)).isZero();
  }

  @Test
  void theTaskFollowsTheCrop() {
    assertThat(new Mnist().task()).isEqualTo(new Task.Classification(new Shape(1, 28, 28), 10));
    assertThat(new FashionMnist(20, true, 0, 0, new Augment()).task())
        .isEqualTo(new Task.Classification(new Shape(1, 20, 20), 10));
  }

  @Test
  @Tag("engine")
  void aCropOfTwentyKeepsRowsAndColumns4To23() throws IOException {
    Examples examples = new Mnist(20, false, 0, 0, new Augment()).open(Split.TRAIN, files);

    try (NDManager manager = NDManager.newBaseManager()) {
      Examples.Batch batch = examples.batch(new int[] {17, 3}, manager);

      assertThat(batch.inputs().getShape()).isEqualTo(new Shape(2, 1, 20, 20));
      assertThat(batch.targets().toLongArray()).containsExactly(7, 3);
      float[] values = batch.inputs().toFloatArray();
      for (int row = 0; row < 20; row++) {
        for (int column = 0; column < 20; column++) {
          assertThat(values[row * 20 + column])
              .isEqualTo(IdxFolder.pixel(17, row + 4, column + 4) / 255f);
          assertThat(values[400 + row * 20 + column])
              .isEqualTo(IdxFolder.pixel(3, row + 4, column + 4) / 255f);
        }
      }
    }
  }

  @Test
  @Tag("engine")
  void normalisesAsTheLiteratureDoes() throws IOException {
    IdxFolder.write(data.resolve("fashion-mnist"), 10, 10);

    // Pixel 0 of image 0 is black; pixel (9, 3) is 255.
    assertThat(value(new Mnist(), 0)).isEqualTo(-0.1307f / 0.3081f);
    assertThat(value(new Mnist(), 255)).isEqualTo((1 - 0.1307f) / 0.3081f);
    assertThat(value(new FashionMnist(), 0)).isEqualTo(-0.2860f / 0.3530f);
    assertThat(value(new FashionMnist(), 255)).isEqualTo((1 - 0.2860f) / 0.3530f);
  }

  @Test
  @Tag("engine")
  void aBatchOutlivesTheNext() throws IOException {
    Examples examples = new Mnist(28, false, 0, 0, new Augment()).open(Split.TEST, files);

    try (NDManager manager = NDManager.newBaseManager()) {
      Examples.Batch first = examples.batch(new int[] {1, 2}, manager);
      float[] before = first.inputs().toFloatArray();
      examples.batch(new int[] {5, 6}, manager);

      assertThat(first.inputs().toFloatArray()).isEqualTo(before);
    }
  }

  @Test
  void aLimitUsesTheFirstTrainingExamplesOnly() throws IOException {
    DatasetSource limited = new Mnist(28, true, 11, 0, new Augment());

    assertThat(limited.size(Split.TRAIN, files)).isEqualTo(11);
    assertThat(limited.open(Split.TRAIN, files).size()).isEqualTo(11);
    assertThat(limited.size(Split.CALIBRATION, files)).isEqualTo(11);
    assertThat(limited.size(Split.TEST, files)).isEqualTo(12);
  }

  @Test
  void aValidationPartIsTakenFromTheTrainingPartBeforeTheLimit() throws IOException {
    Mnist parted = new Mnist(28, true, 0, 0.2, new Augment());

    assertThat(parted.size(Split.VALIDATION, files)).isEqualTo(5);
    assertThat(parted.open(Split.VALIDATION, files).size()).isEqualTo(5);
    assertThat(parted.size(Split.TRAIN, files)).isEqualTo(20);
    assertThat(parted.open(Split.TRAIN, files).size()).isEqualTo(20);
    assertThat(new Mnist(28, true, 7, 0.2, new Augment()).open(Split.TRAIN, files).size())
        .isEqualTo(7);
    assertThat(parted.size(Split.TEST, files)).isEqualTo(12);
    assertThatThrownBy(() -> new Mnist().open(Split.VALIDATION, files))
        .hasMessage(
            "mnist has no validation images; set validation to the fraction of the training part"
                + " to choose by");
  }

  @Test
  @Tag("engine")
  void changesTrainingImagesAtRandomWhereThatIsAskedFor() throws IOException {
    Examples plain = new Mnist().open(Split.TRAIN, files);
    Examples changed = new Mnist(28, true, 0, 0, new Augment(false, 2)).open(Split.TRAIN, files);
    try (NDManager manager = NDManager.newBaseManager()) {
      int[] some = {0, 1, 2};
      float[] shown = plain.batch(some, manager).inputs().toFloatArray();
      assertThat(plain.augmented(some, 3, manager).inputs().toFloatArray()).containsExactly(shown);
      assertThat(changed.batch(some, manager).inputs().toFloatArray()).containsExactly(shown);
      float[] once = changed.augmented(some, 3, manager).inputs().toFloatArray();
      assertThat(once).hasSameSizeAs(shown).isNotEqualTo(shown);
      assertThat(changed.augmented(some, 3, manager).inputs().toFloatArray()).containsExactly(once);
    }
  }

  @Test
  void refusesALimitAboveWhatThereIs() {
    assertThatThrownBy(() -> new Mnist(28, true, 26, 0, new Augment()).size(Split.TRAIN, files))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("mnist: limit is 26, but there are 25 training examples; 0 uses all");
  }

  @Test
  void refusesSettingsOutsideTheirRange() {
    assertThatThrownBy(() -> new Mnist(29, true, 0, 0, new Augment()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("crop must be between 1 and 28 rows and columns, was 29");
    assertThatThrownBy(() -> new FashionMnist(28, true, -1, 0, new Augment()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("limit must be at least 1 training example, or 0 for all, was -1");
  }

  @Test
  void readsGzippedFilesToo() throws IOException {
    for (String name : new String[] {IdxFolder.TEST_IMAGES, IdxFolder.TEST_LABELS}) {
      Path file = folder.resolve(name);
      Files.write(folder.resolve(name + ".gz"), IdxFolder.gzip(Files.readAllBytes(file)));
      Files.delete(file);
    }

    assertThat(new Mnist().size(Split.TEST, files)).isEqualTo(12);
    assertThat(new Mnist().open(Split.TEST, files).size()).isEqualTo(12);
  }

  @Test
  void anEarlierPlaceWinsEvenWhenItsFilesAreGzipped() throws IOException {
    Path first = home.resolve("first");
    Files.createDirectories(first.resolve("mnist"));
    Files.write(
        first.resolve("mnist").resolve(IdxFolder.TEST_IMAGES + ".gz"),
        IdxFolder.gzip(IdxFolder.images(3)));
    Files.write(
        first.resolve("mnist").resolve(IdxFolder.TEST_LABELS + ".gz"),
        IdxFolder.gzip(IdxFolder.labels(3)));
    DataFiles both =
        DataLocations.of(
            Optional.of(first), Map.of("SECATEUR_DATA", data.toString()), "Linux", home);

    assertThat(new Mnist().size(Split.TEST, both)).isEqualTo(3);
    assertThat(new Mnist().size(Split.TRAIN, both)).isEqualTo(25);
  }

  @Test
  void namesTheTwoFilesWhoseCountsDisagree() throws IOException {
    Files.write(folder.resolve(IdxFolder.TRAIN_LABELS), IdxFolder.labels(24));

    assertFault(
        IdxFolder.TRAIN_LABELS,
        ", byte 4: there are 24 labels, but 25 images in "
            + folder.resolve(IdxFolder.TRAIN_IMAGES));
  }

  @Test
  void namesALabelOutOfRange() throws IOException {
    byte[] labels = IdxFolder.labels(25);
    labels[8 + 6] = 10;
    Files.write(folder.resolve(IdxFolder.TRAIN_LABELS), labels);

    assertFault(IdxFolder.TRAIN_LABELS, ", byte 14: the label is 10, 0 to 9 would be right");
  }

  @Test
  void refusesImagesOfAnotherSize() throws IOException {
    Files.write(
        folder.resolve(IdxFolder.TRAIN_IMAGES),
        IdxFolder.idx(2051, new int[] {25, 28, 32}, new byte[25 * 28 * 32]));

    assertFault(IdxFolder.TRAIN_IMAGES, ", byte 12: the images have 32 columns, 28 would be right");
  }

  @Test
  void refusesAFileWithoutImages() throws IOException {
    IdxFolder.write(folder, 0, 12);

    assertFault(IdxFolder.TRAIN_IMAGES, ", byte 4: there are no images, at least 1 would be right");
  }

  @Test
  void saysWhichFileIsMissingWhereItLookedAndWhereItIsHad() throws IOException {
    Files.delete(folder.resolve(IdxFolder.TRAIN_LABELS));

    assertThatThrownBy(() -> new Mnist().open(Split.TRAIN, files))
        .isInstanceOf(UncheckedIOException.class)
        .hasMessage(
            "mnist: train-labels-idx1-ubyte.gz is missing; looked in "
                + folder
                + ", "
                + home.resolve(".cache/secateur/data/mnist")
                + "; 'secateur data get mnist' fetches it"
                + "; it can be had from the MNIST page of Yann LeCun (four files, gzipped or not);"
                + " put it into "
                + folder
                + ", or name the folder above it with --data or SECATEUR_DATA");
  }

  @Test
  void theFingerprintFollowsEveryFileAndNoSetting() throws IOException {
    String before = new Mnist().fingerprint(files);
    assertThat(new Mnist(20, false, 5, 0, new Augment()).fingerprint(files)).isEqualTo(before);

    byte[] labels = IdxFolder.labels(12);
    labels[9] = 5;
    Files.write(folder.resolve(IdxFolder.TEST_LABELS), labels);

    assertThat(new Mnist().fingerprint(files)).isNotEqualTo(before);
  }

  @Test
  void theBuiltInDataSetsAreFoundByName() {
    assertThat(ServiceLoader.load(DatasetSource.class))
        .extracting(DatasetSource::name)
        .contains("digits", "fashion-mnist", "mnist");
  }

  /** Returns what the first training image's pixel of that value became. */
  private float value(DatasetSource source, int pixel) throws IOException {
    try (NDManager manager = NDManager.newBaseManager()) {
      Examples examples = source.open(Split.TRAIN, files);
      return examples.batch(new int[] {0}, manager).inputs().toFloatArray()[pixel];
    }
  }

  private static byte[] header(byte[] file, int length) {
    return Arrays.copyOf(file, length);
  }

  private void assertFault(String file, String message) {
    assertThatThrownBy(() -> new Mnist().open(Split.TRAIN, files))
        .isInstanceOf(IOException.class)
        .hasMessage(folder.resolve(file) + message);
  }
}

package io.secateur.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDManager;
import io.secateur.spi.DataFiles;
import io.secateur.spi.DatasetSource;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** The published files, where they are at hand: in {@code shared/data} beside the repository. */
@Tag("engine")
class RealFilesTest {
  private static final int[] MNIST_TRAIN = {
    5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949
  };
  private static final int[] MNIST_TEST = {980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009};

  @TempDir private Path home = Path.of("");

  @Test
  void readsMnistAsPublished() throws IOException {
    DataFiles files = files("mnist");

    assertThat(labels(new Mnist(), Split.TRAIN, files))
        .startsWith(5, 0, 4, 1, 9, 2, 1, 3)
        .satisfies(labels -> assertThat(counts(labels)).isEqualTo(MNIST_TRAIN));
    assertThat(labels(new Mnist(), Split.TEST, files))
        .satisfies(labels -> assertThat(counts(labels)).isEqualTo(MNIST_TEST));
  }

  @Test
  void readsFashionMnistAsPublished() throws IOException {
    DataFiles files = files("fashion-mnist");

    assertThat(labels(new FashionMnist(), Split.TRAIN, files))
        .startsWith(9, 0, 0, 3, 0, 2, 7, 2)
        .satisfies(labels -> assertThat(counts(labels)).containsOnly(6000));
    assertThat(labels(new FashionMnist(), Split.TEST, files))
        .satisfies(labels -> assertThat(counts(labels)).containsOnly(1000));
  }

  @Test
  void readsCifarFromArchivesOfFolders() throws IOException {
    DataFiles files = files("cifar10");
    Cifar10 source = new Cifar10();

    assertThat(source.size(Split.TRAIN, files)).isEqualTo(50_000);
    Examples test = source.open(Split.TEST, files);
    assertThat(test.size()).isEqualTo(10_000);
    try (NDManager manager = NDManager.newBaseManager()) {
      Examples.Batch batch = test.batch(IntStream.range(0, 10_000).toArray(), manager);
      assertThat(counts(batch.targets().toLongArray())).containsOnly(1000);
      // Normalised by the means and deviations of the official training images.
      assertThat(batch.inputs().mean().getFloat()).isCloseTo(0, within(0.05f));
      assertThat(batch.inputs().square().mean().getFloat()).isCloseTo(1, within(0.05f));
    }
  }

  @Test
  void readsTheOfficialBatchesOfCifar() throws IOException {
    DataFiles files = files("cifar10");
    Path packed = files.require("cifar10", "data_batch_1_first4000.bin.gz", "");
    byte[] bytes;
    try (var in = new GZIPInputStream(Files.newInputStream(packed))) {
      bytes = in.readAllBytes();
    }
    List<byte[]> images = new ArrayList<>();
    List<Integer> labels = new ArrayList<>();

    CifarBatches.records("data_batch_1", bytes, images, labels);

    assertThat(labels).hasSize(4000).startsWith(6, 9, 9, 4, 1, 1, 2, 7, 8, 3);
    assertThat(images.get(0)).startsWith(59, 43, 50, 68, 98);
  }

  @Test
  void readsSst2AsInGlue() throws IOException {
    DataFiles files = files("sst2");

    assertThat(counts(labels(new Sst2(), Split.TRAIN, files))).startsWith(29_780, 37_569);
    assertThat(counts(labels(new Sst2(), Split.TEST, files))).startsWith(428, 444);
    Sst2 labelled = new Sst2(64, 10_000, Sst2.Test.TEST_LABELLED, 0, 0);
    assertThat(counts(labels(labelled, Split.TEST, files))).startsWith(912, 909);
    assertThat(labels(labelled, Split.VALIDATION, files)).hasSize(872);
  }

  @Test
  void normalisedMnistHasMeanZeroAndDeviationOne() throws IOException {
    assertNormalised(new Mnist(), files("mnist"));
  }

  @Test
  void normalisedFashionMnistHasMeanZeroAndDeviationOne() throws IOException {
    assertNormalised(new FashionMnist(), files("fashion-mnist"));
  }

  private static void assertNormalised(DatasetSource source, DataFiles files) throws IOException {
    Examples examples = source.open(Split.TRAIN, files);
    double sum = 0;
    double squares = 0;
    try (NDManager manager = NDManager.newBaseManager()) {
      for (int first = 0; first < examples.size(); first += 1000) {
        try (NDManager of = manager.newSubManager()) {
          int[] indices = IntStream.range(first, first + 1000).toArray();
          for (float value : examples.batch(indices, of).inputs().toFloatArray()) {
            sum += value;
            squares += (double) value * value;
          }
        }
      }
    }
    double count = 784.0 * examples.size();

    assertThat(sum / count).isCloseTo(0, within(0.001));
    assertThat(squares / count).isCloseTo(1, within(0.001));
  }

  private static long[] labels(DatasetSource source, Split split, DataFiles files)
      throws IOException {
    Examples examples = source.open(split, files);
    assertThat(examples.size()).isEqualTo(source.size(split, files));
    try (NDManager manager = NDManager.newBaseManager()) {
      int[] all = IntStream.range(0, examples.size()).toArray();
      return examples.batch(all, manager).targets().toLongArray();
    }
  }

  private static int[] counts(long[] labels) {
    int[] counts = new int[10];
    for (long label : labels) {
      counts[(int) label]++;
    }
    return counts;
  }

  private DataFiles files(String name) {
    Path start = Path.of(System.getProperty("secateur.root", "")).toAbsolutePath();
    Optional<Path> data =
        Stream.iterate(start, folder -> folder != null, Path::getParent)
            .map(folder -> folder.resolveSibling("shared").resolve("data"))
            .filter(folder -> Files.isDirectory(folder.resolve(name)))
            .findFirst();
    if (data.isEmpty()) {
      // Surefire counts what is skipped, and does not say why.
      LoggerFactory.getLogger(RealFilesTest.class)
          .warn("skipped: no ../shared/data/{} beside the repository", name);
    }
    assumeTrue(data.isPresent());
    return DataLocations.of(data, Map.of(), "Linux", home);
  }
}

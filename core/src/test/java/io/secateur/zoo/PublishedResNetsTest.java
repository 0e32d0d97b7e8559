package io.secateur.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.data.Augment;
import io.secateur.data.Cifar10;
import io.secateur.data.DataLocations;
import io.secateur.data.Normalise;
import io.secateur.model.Checkpoint;
import io.secateur.model.NetworkBlock;
import io.secateur.spi.Examples;
import io.secateur.spi.ModelSource;
import io.secateur.spi.Split;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The weights published for He's networks, where they are at hand beside the repository. */
class PublishedResNetsTest {
  /** With the normalisation that they were trained with. */
  private static final Cifar10 DATA =
      new Cifar10(
          Cifar10.Source.AUTO,
          0,
          0,
          new Normalise.Given(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225)),
          new Augment());

  @Test
  void fitTheArchitectures() throws IOException {
    for (int depth : new int[] {20, 32, 44, 56}) {
      Checkpoint model = published(depth).open(DATA.task(), 1);

      assertThat(model.parameter("layer3.%d.conv2.weight".formatted((depth - 2) / 6 - 1)).shape())
          .hasToString("(64, 64, 3, 3)");
    }
  }

  /**
   * They were trained on these: all but one or two in a thousand are right, or a layer is wrong.
   */
  @Test
  @Tag("engine")
  void classifyTheLosslessImagesThatTheyWereTrainedOn() throws IOException {
    byte[] records = new byte[500 * 3073];
    Path packed = shared("data/cifar10/data_batch_1_first4000.bin.gz");
    try (InputStream in = new GZIPInputStream(Files.newInputStream(packed))) {
      assertThat(in.readNBytes(records, 0, records.length)).isEqualTo(records.length);
    }
    Normalise.Given by = (Normalise.Given) DATA.normalise();
    long[] labels = new long[500];
    float[] pixels = new float[500 * 3072];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = records[i * 3073];
      for (int j = 0; j < 3072; j++) {
        double value = (records[i * 3073 + 1 + j] & 0xff) / 255.0;
        int channel = j / 1024;
        pixels[i * 3072 + j] =
            (float) ((value - by.mean().get(channel)) / by.deviation().get(channel));
      }
    }
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      for (int depth : new int[] {20, 56}) {
        NDArray images = manager.create(pixels, new Shape(500, 3, 32, 32));
        assertThat(right(depth, images, manager.create(labels), manager)).isGreaterThan(495);
      }
    }
  }

  private static long right(int depth, NDArray images, NDArray labels, NDManager manager)
      throws IOException {
    Checkpoint model = published(depth).open(DATA.task(), 1);
    NetworkBlock block = model.architecture().block(model.parameters(), manager);
    NDArray classes = block.forward(images, false).argMax(1);
    return classes.eq(labels).sum().toLongArray()[0];
  }

  /** JPEG costs them some ten points of what they reach on the lossless images. */
  @Test
  @Tag("engine")
  void classifyATenthOfTheTestImages() throws IOException {
    Examples test = DATA.open(Split.TEST, DataLocations.of(Optional.of(shared("data"))));
    int[] tenth = IntStream.range(0, 1000).toArray();
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      Examples.Batch batch = test.batch(tenth, manager);

      assertThat(right(20, batch.inputs(), batch.targets(), manager) / 1000.0)
          .isCloseTo(0.81, within(0.025));
    }
  }

  private static ModelSource published(int depth) {
    ModelSource model =
        switch (depth) {
          case 20 -> new Resnet20();
          case 32 -> new Resnet32();
          case 44 -> new Resnet44();
          default -> new Resnet56();
        };
    Path file = shared("data/cifar10-resnets/resnet%d.safetensors".formatted(depth));
    return new Pretrained(Optional.of(model), file.toString());
  }

  private static Path shared(String name) {
    Path here = Path.of("").toAbsolutePath();
    Optional<Path> found =
        Stream.iterate(here, Objects::nonNull, Path::getParent)
            .map(folder -> folder.resolve("shared").resolve(name))
            .filter(Files::exists)
            .findFirst();
    if (found.isEmpty()) {
      // Surefire counts what is skipped, and does not say why.
      LoggerFactory.getLogger(PublishedResNetsTest.class)
          .warn("skipped: no ../shared/{} beside the repository", name);
    }
    assumeTrue(found.isPresent());
    return found.orElseThrow();
  }
}

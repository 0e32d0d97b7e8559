package io.secateur.quantization.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.NDManager;
import io.secateur.data.Augment;
import io.secateur.data.Cifar10;
import io.secateur.data.DataLocations;
import io.secateur.data.Mnist;
import io.secateur.data.Normalise;
import io.secateur.data.Sst2;
import io.secateur.model.Checkpoint;
import io.secateur.spi.DataFiles;
import io.secateur.spi.DatasetSource;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import io.secateur.zoo.Ffn;
import io.secateur.zoo.MnistCnn;
import io.secateur.zoo.Pretrained;
import io.secateur.zoo.Resnet20;
import io.secateur.zoo.TransformerEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Models of the zoo on test examples of the data that they are for, where those are at hand. */
@Tag("engine")
class RealDataTest {
  @TempDir Path folder;

  private void agree(DatasetSource data, Checkpoint opened) throws IOException {
    DataFiles files = DataLocations.of(Optional.of(shared("data")));
    Checkpoint model = opened.attaching(data.attachments(files));
    Examples test = data.open(Split.TEST, files);
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      Examples.Batch batch = test.batch(IntStream.range(0, 64).toArray(), manager);
      Agreement agreement = Agreement.of(model, batch.inputs(), folder);

      assertThat(agreement.apart()).isLessThan(1e-5);
      assertThat(OnnxAccuracy.classes(agreement.runtime, 64))
          .isEqualTo(OnnxAccuracy.classes(agreement.engine, 64));
    }
  }

  @Test
  void handwrittenDigits() throws IOException {
    shared("data/mnist");
    Mnist data = new Mnist();
    agree(data, new Ffn().open(data.task(), 1));
    agree(data, new MnistCnn().open(data.task(), 1));
  }

  @Test
  void imagesOfThingsThroughPublishedWeights() throws IOException {
    Cifar10 data =
        new Cifar10(
            Cifar10.Source.AUTO,
            100,
            0,
            new Normalise.Given(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225)),
            new Augment());
    Path weights = shared("data/cifar10-resnets/resnet20.safetensors");
    agree(
        data, new Pretrained(Optional.of(new Resnet20()), weights.toString()).open(data.task(), 1));
  }

  @Test
  void sentencesOfManyLengths() throws IOException {
    shared("data/sst2");
    Sst2 data = new Sst2();
    agree(data, new TransformerEncoder().open(data.task(), 1));
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
      LoggerFactory.getLogger(RealDataTest.class)
          .warn("skipped: no ../shared/{} beside the repository", name);
    }
    assumeTrue(found.isPresent());
    return found.orElseThrow();
  }
}

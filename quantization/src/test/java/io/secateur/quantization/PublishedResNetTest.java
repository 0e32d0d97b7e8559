package io.secateur.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.secateur.calibrate.Calibration;
import io.secateur.data.Augment;
import io.secateur.data.Cifar10;
import io.secateur.data.DataLocations;
import io.secateur.data.Normalise;
import io.secateur.model.Checkpoint;
import io.secateur.model.ParameterSpec;
import io.secateur.prune.RecordedContext;
import io.secateur.sparsity.Mask;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import io.secateur.zoo.Pretrained;
import io.secateur.zoo.Resnet20;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The weights published for ResNet-20, on images of CIFAR-10, where both are at hand. */
@Tag("engine")
class PublishedResNetTest {
  /** With the normalisation that they were trained with. */
  private static final Cifar10 DATA =
      new Cifar10(
          Cifar10.Source.AUTO,
          1000,
          0,
          new Normalise.Given(List.of(0.485, 0.456, 0.406), List.of(0.229, 0.224, 0.225)),
          new Augment());

  private static final int SHOWN = 200;

  private static Path shared(String name) {
    Path here = Path.of("").toAbsolutePath();
    Optional<Path> found =
        Stream.iterate(here, Objects::nonNull, Path::getParent)
            .map(folder -> folder.resolve("shared").resolve(name))
            .filter(Files::exists)
            .findFirst();
    if (found.isEmpty()) {
      // Surefire counts what is skipped, and does not say why.
      LoggerFactory.getLogger(PublishedResNetTest.class)
          .warn("skipped: no ../shared/{} beside the repository", name);
    }
    assumeTrue(found.isPresent());
    return found.orElseThrow();
  }

  private static Checkpoint published() throws IOException {
    Path file = shared("data/cifar10-resnets/resnet20.safetensors");
    return new Pretrained(Optional.of(new Resnet20()), file.toString()).open(DATA.task(), 1);
  }

  /** What a model computes of test images, and how many of them it classifies right. */
  private static final class Result {
    private final float[] outputs;
    private final long right;

    Result(float[] outputs, long right) {
      this.outputs = outputs;
      this.right = right;
    }

    float[] outputs() {
      return outputs;
    }

    long right() {
      return right;
    }
  }

  private static Result of(Checkpoint model) throws IOException {
    Examples test = DATA.open(Split.TEST, DataLocations.of(Optional.of(shared("data"))));
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      Examples.Batch batch = test.batch(IntStream.range(0, SHOWN).toArray(), manager);
      NDArray outputs = model.block(manager).forward(batch.inputs(), false);
      long right = outputs.argMax(1).eq(batch.targets()).sum().toLongArray()[0];
      return new Result(outputs.toFloatArray(), right);
    }
  }

  @Test
  void computesTheSameWithoutItsBatchNorms() throws IOException {
    Checkpoint model = published();
    Checkpoint folded = FoldedNorms.of(model).model();

    assertThat(folded.architecture().toJson()).doesNotContain("batch-norm");
    assertThat(Networks.apart(of(model).outputs(), of(folded).outputs())).isLessThan(1e-5);
  }

  @Test
  void losesLittleWhenRoundedAndKeepsItsZeros() throws IOException {
    Checkpoint model = published();
    Map<String, Mask> masks = new LinkedHashMap<>();
    for (ParameterSpec spec : model.architecture().prunable()) {
      float[] cells = model.parameter(spec.name()).toFloats();
      masks.put(spec.name(), Mask.of(spec.form(), cell -> Math.abs(cells[(int) cell]) > 0.02));
    }
    Checkpoint pruned = Networks.masked(model, masks);
    Examples train = DATA.open(Split.TRAIN, DataLocations.of(Optional.of(shared("data"))));
    RecordedContext context = new RecordedContext(DATA.task(), train);

    Checkpoint after =
        new Quantize(
                Quantize.Granularity.PER_CHANNEL,
                Quantize.Activations.STATIC,
                new Range.MinMax(),
                new Calibration(128, 64),
                new WeightRounding.Nearest(),
                true,
                false,
                List.of("*"),
                List.of())
            .run(pruned, context);

    after
        .masks()
        .forEach(
            (name, mask) -> {
              float[] cells = after.parameter(name).toFloats();
              long back = 0;
              for (int i = 0; i < cells.length; i++) {
                back += !mask.keeps(i) && cells[i] != 0 ? 1 : 0;
              }
              assertThat(back).as(name).isZero();
            });
    assertThat(after.masks()).isEqualTo(masks);
    Result floats = of(pruned);
    Result integers = of(after);
    assertThat(floats.right()).isGreaterThan(SHOWN / 2);
    assertThat(integers.right()).isGreaterThan(floats.right() - SHOWN / 20);
    assertThat(Networks.apart(floats.outputs(), integers.outputs())).isBetween(1e-4, 0.25);
  }
}

package io.secateur.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.calibrate.Calibration;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.ParameterSpec;
import io.secateur.plugin.Binder;
import io.secateur.plugin.Catalogs;
import io.secateur.plugin.Faults;
import io.secateur.plugin.YamlDocument;
import io.secateur.prune.RecordedContext;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Scope;
import io.secateur.spi.ModelSource;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistics;
import io.secateur.spi.Task;
import io.secateur.spi.Weight;
import io.secateur.stage.Compact;
import io.secateur.stage.Prune;
import io.secateur.stage.Train;
import io.secateur.train.Optimizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The models that ship as files: each trains, loses half of its units, and is then smaller. */
class ModelFilesTest {
  private static final Task CIFAR = new Task.Classification(new Shape(3, 32, 32), 10);

  private record Magnitude() implements ScoringMethod {
    @Override
    public String name() {
      return "magnitude";
    }

    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      return weight.matrix().square();
    }
  }

  private static Path folder() {
    Path here = Path.of(System.getProperty("secateur.root", "")).toAbsolutePath();
    return Stream.iterate(here, Path::getParent)
        .map(each -> each.resolve("studies/models"))
        .filter(Files::isDirectory)
        .findFirst()
        .orElseThrow();
  }

  private static ModelSource model(String name) throws IOException {
    Path file = folder().resolve(name + ".yaml");
    Faults faults = new Faults();
    Optional<ModelSource> model =
        YamlDocument.read(Files.readString(file), file.toString(), faults)
            .flatMap(
                node -> new Binder(Catalogs.load(List.of()), faults).bind(node, ModelSource.class));
    assertThat(faults.list()).isEmpty();
    return model.orElseThrow();
  }

  @Test
  void haveThePublishedSizes() throws IOException {
    assertThat(trained("resnet-18")).isEqualTo(11_173_962);
    assertThat(trained("vgg-11-bn")).isEqualTo(9_231_114);
    Architecture resnet = model("resnet-18").architecture(CIFAR);
    assertThat(resnet.parameters().stream().map(ParameterSpec::name))
        .contains(
            "conv1.weight", "layer1.0.bn2.running_var", "layer2.0.downsample.1.bias", "fc.weight");
  }

  private static long trained(String name) throws IOException {
    return model(name).architecture(CIFAR).parameters().stream()
        .filter(ParameterSpec::trainable)
        .mapToLong(spec -> spec.shape().size())
        .sum();
  }

  @ParameterizedTest
  @CsvSource({"resnet-18,8", "vgg-11-bn,32", "depthwise-separable,12", "densely-connected,12"})
  @Tag("engine")
  void trainLoseUnitsAndComputeTheSameWithoutThem(String name, int side) throws IOException {
    Task task = new Task.Classification(new Shape(3, side, side), 4);
    RecordedContext context = images(task, 4);
    Checkpoint first = model(name).open(task, 1);
    Checkpoint trained = new Train(1, new Optimizer.Adam(), 4).run(first, context);
    assertThat(trained.parameters()).isNotEqualTo(first.parameters());

    Checkpoint pruned = half().run(trained, context);
    Checkpoint compact = new Compact().run(pruned, context);

    assertThat(compact.masks()).isEmpty();
    assertThat(compact.architecture().parameterCount())
        .isLessThan(trained.architecture().parameterCount() / 2);
    float[] expected = outputs(pruned, context);
    float largest = 0;
    for (float each : expected) {
      largest = Math.max(largest, Math.abs(each));
    }
    assertThat(outputs(compact, context)).containsExactly(expected, within(1e-4f * largest));
  }

  private static Prune half() {
    return new Prune(
        Optional.of(new Magnitude()),
        new Granularity.OutputUnits(),
        new Scope.Layer(),
        Optional.of(new Amount.OfAll(0.5)),
        Map.of(),
        List.of(),
        List.of(),
        Optional.empty(),
        new Calibration());
  }

  private static RecordedContext images(Task task, int count) {
    Random random = new Random(7);
    float[][] inputs = new float[count][(int) task.input().size()];
    float[][] targets = new float[count][1];
    for (int i = 0; i < count; i++) {
      for (int k = 0; k < inputs[i].length; k++) {
        inputs[i][k] = (float) random.nextGaussian();
      }
      targets[i][0] = i % 4;
    }
    return new RecordedContext(task, inputs, targets);
  }

  private static float[] outputs(Checkpoint model, RecordedContext context) {
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      NDArray images = context.examples().batch(new int[] {0, 1}, manager).inputs();
      return model
          .architecture()
          .block(model.parameters(), manager)
          .forward(images, false)
          .toFloatArray();
    }
  }
}

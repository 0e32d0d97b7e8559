package io.secateur.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import io.secateur.model.Architecture;
import io.secateur.model.BatchNorm;
import io.secateur.model.Checkpoint;
import io.secateur.model.Conv2d;
import io.secateur.model.GlobalAvgPool2d;
import io.secateur.model.Layer;
import io.secateur.model.Linear;
import io.secateur.model.ParameterSpec;
import io.secateur.model.Relu;
import io.secateur.model.Residual;
import io.secateur.model.Tensor;
import io.secateur.model.TrainingState;
import io.secateur.prune.RandomNetworks;
import io.secateur.prune.RecordedContext;
import io.secateur.sparsity.Mask;
import io.secateur.spi.Task;
import io.secateur.zoo.CifarCnn;
import io.secateur.zoo.Resnet20;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class FoldBatchNormTest {
  private static int threads;

  /** Threads that wait for each other in layers this small cost more than all else here. */
  @BeforeAll
  static void oneThread() {
    Engine.getEngine("PyTorch");
    threads = JniUtils.getNumThreads();
    JniUtils.setNumThreads(1);
  }

  @AfterAll
  static void asManyAsBefore() {
    JniUtils.setNumThreads(threads);
  }

  @Test
  void changesNoOutputOfRandomNetworks() {
    int folded = 0;
    for (long seed = 0; seed < 150; seed++) {
      Checkpoint model = Networks.masked(Networks.model(seed), seed);

      Checkpoint after = FoldedNorms.of(model).model();

      float[][] examples = Networks.examples(model.architecture(), 2, seed);
      assertThat(
              Networks.apart(Networks.outputs(model, examples), Networks.outputs(after, examples)))
          .as("seed %d: %s", seed, model.architecture())
          .isLessThan(1e-5);
      assertThat(adjacent(after.architecture().layers())).as("seed %d", seed).isZero();
      folded += model.parameters().size() == after.parameters().size() ? 0 : 1;
    }
    assertThat(folded).isGreaterThan(30);
  }

  /** Batch norms that follow a linear or convolution layer at once. */
  private static int adjacent(List<Layer> layers) {
    int count = 0;
    for (int i = 0; i < layers.size(); i++) {
      if (i > 0
          && layers.get(i) instanceof BatchNorm
          && (layers.get(i - 1) instanceof Conv2d || layers.get(i - 1) instanceof Linear)) {
        count++;
      }
      if (layers.get(i) instanceof Layer.Branching branching) {
        count += branching.branches().stream().mapToInt(FoldBatchNormTest::adjacent).sum();
      }
    }
    return count;
  }

  @Test
  void multipliesRowsAndShiftsBiases() {
    Architecture before =
        new Architecture(new Shape(2), List.of(new Linear("fc", 2), new BatchNorm("bn", 0.5, 0.1)));
    Map<String, Tensor> parameters =
        Map.of(
            "fc.weight", Tensor.of(new Shape(2, 2), 1, 2, 3, 4),
            "fc.bias", Tensor.of(new Shape(2), 5, 6),
            "bn.weight", Tensor.of(new Shape(2), 4, -2),
            "bn.bias", Tensor.of(new Shape(2), 0.5f, 7),
            "bn.running_mean", Tensor.of(new Shape(2), 1, 2),
            "bn.running_var", Tensor.of(new Shape(2), 3.5f, 0.5f));

    FoldedNorms.Folded folded = FoldedNorms.of(new Checkpoint(before, parameters));

    // s = 4 / √(3.5 + 0.5) = 2 and −2 / √(0.5 + 0.5) = −2
    assertThat(folded.model())
        .isEqualTo(
            new Checkpoint(
                new Architecture(new Shape(2), List.of(new Linear("fc", 2))),
                Map.of(
                    "fc.weight", Tensor.of(new Shape(2, 2), 2, 4, -6, -8),
                    "fc.bias", Tensor.of(new Shape(2), 0.5f + 4 * 2, 7 + 4 * -2))));
    assertThat(folded.into()).containsExactly(Map.entry("bn", "fc"));
  }

  @Test
  void whatWasPrunedStaysSo() {
    for (long seed = 0; seed < 100; seed++) {
      Checkpoint model = Networks.masked(Networks.model(seed), seed);

      FoldedNorms.Folded folded = FoldedNorms.of(model);

      Checkpoint after = folded.model();
      for (ParameterSpec spec : after.architecture().parameters()) {
        float[] cells = after.parameter(spec.name()).toFloats();
        Mask mask = after.mask(spec.name());
        boolean grown = !model.parameters().containsKey(spec.name());
        boolean bias = spec.kind() == ParameterSpec.Kind.BIAS;
        Mask was = grown ? mask : model.mask(spec.name());
        for (int cell = 0; cell < cells.length; cell++) {
          if (!mask.keeps(cell) || (!bias && !was.keeps(cell))) {
            assertThat(Float.floatToRawIntBits(cells[cell]))
                .as("seed %d, %s, cell %d", seed, spec.name(), cell)
                .isZero();
          }
          if (!bias) {
            assertThat(mask.keeps(cell) && !was.keeps(cell)).as("seed %d", seed).isFalse();
          }
        }
      }
    }
  }

  @Test
  void aFilterWhoseScaleAndShiftWentIsGone() {
    Architecture before =
        new Architecture(
            new Shape(1, 3, 3),
            List.of(
                new Conv2d("conv", 2, 3, 1, 1, 1, false),
                new BatchNorm("bn"),
                new Relu("relu"),
                new GlobalAvgPool2d("mean")));
    Checkpoint model = RandomNetworks.model(before, 1);
    Mask second = Mask.of(model.mask("bn.weight").form(), cell -> cell == 0);
    Checkpoint pruned = Networks.masked(model, Map.of("bn.weight", second, "bn.bias", second));

    Checkpoint after = FoldedNorms.of(pruned).model();

    assertThat(after.masks().keySet()).containsExactly("conv.weight", "conv.bias");
    assertThat(after.mask("conv.weight").pruned()).isEqualTo(9);
    assertThat(after.parameter("conv.bias").toFloats()[1]).isZero();
    assertThat(after.architecture().layers().get(0))
        .isEqualTo(new Conv2d("conv", 2, 3, 1, 1, 1, true));
  }

  @Test
  void networksOfTheZooComputeTheSame() {
    Task images = new Task.Classification(new Shape(3, 32, 32), 10);
    List<Architecture> zoo = new ArrayList<>();
    zoo.add(new Resnet20().architecture(images));
    zoo.add(withNorms(new CifarCnn().architecture(images)));
    for (Architecture architecture : zoo) {
      Checkpoint model = RandomNetworks.model(architecture, 3);

      Checkpoint after = FoldedNorms.of(model).model();

      assertThat(after.architecture().toJson()).doesNotContain("batch-norm");
      float[][] examples = Networks.examples(architecture, 4, 5);
      assertThat(
              Networks.apart(Networks.outputs(model, examples), Networks.outputs(after, examples)))
          .isLessThan(1e-4);
    }
  }

  private static Architecture withNorms(Architecture plain) {
    List<Layer> layers = new ArrayList<>();
    for (Layer layer : plain.layers()) {
      layers.add(layer);
      if (layer instanceof Conv2d) {
        layers.add(new BatchNorm(layer.name() + "-norm"));
      }
    }
    return new Architecture(plain.input(), layers);
  }

  @Test
  void trainingsUnderWayEndAndAttachmentsStay() {
    Architecture before =
        new Architecture(
            new Shape(2),
            List.of(
                new Residual("sum", List.of(new Linear("fc", 2), new BatchNorm("bn")), List.of())));
    Map<String, Tensor> momentum = new LinkedHashMap<>();
    momentum.put("fc.weight/momentum", Tensor.zeros(new Shape(2, 2)));
    Checkpoint model =
        RandomNetworks.model(before, 1)
            .withTraining(Optional.of(new TrainingState(3, 9, momentum, List.of())))
            .attaching(Map.of("vocabulary.txt", new byte[] {1}));

    Checkpoint after = FoldedNorms.of(model).model();

    assertThat(after.training()).isEmpty();
    assertThat(after.attachments()).containsKey("vocabulary.txt");
    TrainingState over = new TrainingState(9, 9, Map.of(), List.of());
    assertThat(FoldedNorms.of(model.withTraining(Optional.of(over))).model().training())
        .contains(over);
  }

  @Test
  void theStageSaysWhatItFoldedAndRefusesModelsWithoutNorms() throws Exception {
    Checkpoint model = RandomNetworks.model(new Resnet20().architecture(images()), 1);
    RecordedContext context = Networks.context(model.architecture(), 0, 1);

    Checkpoint after = new FoldBatchNorm().run(model, context);

    assertThat(after).isEqualTo(FoldedNorms.of(model).model());
    assertThat(context.rows()).containsExactly("folded-norms 19.0");
    assertThat(context.said().get(0)).startsWith("19 batch norms folded: parameters ");
    assertThatThrownBy(() -> new FoldBatchNorm().run(after, context))
        .hasMessage(
            "fold-batch-norm folds batch norms directly behind a linear or convolution layer, and"
                + " the model has none; leave it out");
    assertThat(new FoldBatchNorm().refusal(true)).isPresent();
    assertThat(new FoldBatchNorm().refusal(false)).isEmpty();
  }

  private static Task images() {
    return new Task.Classification(new Shape(3, 32, 32), 10);
  }

  @Test
  void modelsWithoutBatchNormsStayTheSame() {
    Architecture plain =
        new Architecture(new Shape(2), List.of(new Linear("fc", 2), new Relu("relu")));
    Checkpoint model = RandomNetworks.model(plain, new Random(1).nextLong());

    assertThat(FoldedNorms.of(model).model()).isSameAs(model);
  }
}

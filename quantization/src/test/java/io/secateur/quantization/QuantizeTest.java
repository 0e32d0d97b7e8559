package io.secateur.quantization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.engine.Engine;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import io.secateur.calibrate.Calibration;
import io.secateur.model.Affine;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Conv2d;
import io.secateur.model.Dropout;
import io.secateur.model.Embedding;
import io.secateur.model.Flatten;
import io.secateur.model.Grid;
import io.secateur.model.Linear;
import io.secateur.model.LogSoftmax;
import io.secateur.model.MaxPool2d;
import io.secateur.model.MeanOverPositions;
import io.secateur.model.ParameterSpec;
import io.secateur.model.Quantization;
import io.secateur.model.Relu;
import io.secateur.model.Residual;
import io.secateur.model.Tensor;
import io.secateur.prune.RandomNetworks;
import io.secateur.prune.RecordedContext;
import io.secateur.sparsity.Mask;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class QuantizeTest {
  private static final Architecture CONVNET =
      new Architecture(
          new Shape(1, 6, 6),
          List.of(
              new Conv2d("conv1", 3, 3, 1, 1),
              new Relu("relu1"),
              new MaxPool2d("pool", 2, 2),
              new Conv2d("conv2", 4, 3, 1, 1),
              new Residual(
                  "sum", List.of(new Relu("relu2"), new Conv2d("conv3", 4, 1, 1, 0)), List.of()),
              new Flatten("flatten"),
              new Dropout("drop", 0.5),
              new Linear("fc1", 5),
              new Relu("relu4"),
              new Linear("fc2", 3),
              new LogSoftmax("log")));

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

  static Quantize stage(
      Quantize.Granularity granularity, Quantize.Activations activations, boolean reduceRange) {
    return new Quantize(
        granularity,
        activations,
        new Range.MinMax(),
        new Calibration(8, 3),
        new WeightRounding.Nearest(),
        reduceRange,
        false,
        List.of("*"),
        List.of());
  }

  private static Quantize fixed() {
    return stage(Quantize.Granularity.PER_CHANNEL, Quantize.Activations.STATIC, true);
  }

  @Test
  void roundsEveryRowToItsOwnScale() throws IOException {
    Architecture one = new Architecture(new Shape(2), List.of(new Linear("fc", 3, false)));
    Checkpoint model =
        new Checkpoint(
            one, Map.of("fc.weight", Tensor.of(new Shape(3, 2), 12.7f, -0.26f, 0, 0, 1, -2)));
    Quantize stage = stage(Quantize.Granularity.PER_CHANNEL, Quantize.Activations.NONE, false);

    Checkpoint after = stage.run(model, Networks.context(one, 0, 1));

    Grid grid = grid(after, "fc.weight");
    assertThat(grid.scales().toFloats()).containsExactly(12.7f / 127, 1, 2f / 127);
    assertThat(integers(grid, after, "fc.weight")).containsExactly(127, -3, 0, 0, 64, -127);
    assertThat(after.quantization().orElseThrow().activations()).isEmpty();
    assertThat(after.quantization().orElseThrow().dynamic()).isEmpty();
  }

  @Test
  void roundsAWholeWeightToOneScale() throws IOException {
    Architecture one = new Architecture(new Shape(2), List.of(new Linear("fc", 2, false)));
    Checkpoint model =
        new Checkpoint(one, Map.of("fc.weight", Tensor.of(new Shape(2, 2), 6.3f, 0.16f, -1, 0)));
    Quantize stage = stage(Quantize.Granularity.PER_TENSOR, Quantize.Activations.DYNAMIC, true);

    Checkpoint after = stage.run(model, Networks.context(one, 0, 1));

    assertThat(grid(after, "fc.weight").scales().toFloats()).containsExactly(6.3f / 63);
    assertThat(grid(after, "fc.weight").largest()).isEqualTo(63);
    assertThat(integers(grid(after, "fc.weight"), after, "fc.weight"))
        .containsExactly(63, 2, -10, 0);
    assertThat(after.quantization().orElseThrow().dynamic()).containsExactly("fc");
  }

  private static Grid grid(Checkpoint model, String name) {
    Grid grid = model.quantization().orElseThrow().grids().get(name);
    assertThat(grid).as(name).isNotNull();
    return Objects.requireNonNull(grid);
  }

  private static int[] integers(Grid grid, Checkpoint model, String name) {
    float[] floats = grid.integers(model.parameter(name)).toFloat32().toFloats();
    int[] integers = new int[floats.length];
    for (int i = 0; i < floats.length; i++) {
      integers[i] = (int) floats[i];
    }
    return integers;
  }

  @Test
  void roundsWhatGoesIntoLayersAndOutOfConvolutions() throws IOException {
    Checkpoint model = RandomNetworks.model(CONVNET, 1);

    Map<String, Affine> activations =
        fixed()
            .run(model, Networks.context(CONVNET, 5, 2))
            .quantization()
            .orElseThrow()
            .activations();

    assertThat(activations.keySet())
        .containsExactlyInAnyOrder(
            Quantization.INPUT, "relu1", "pool", "conv2", "relu2", "conv3", "drop", "relu4");
    // What is passed on is rounded as before.
    assertThat(activations.get("pool")).isEqualTo(activations.get("relu1"));
    // What the sum gives is rounded nowhere but here.
    assertThat(activations.get("drop")).isNotEqualTo(activations.get("conv3"));
  }

  @Test
  void aBranchIsGivenWhatItsLayerIsGiven() throws IOException {
    Architecture branched =
        new Architecture(
            new Shape(4),
            List.of(
                new Linear("fc1", 4),
                new Residual("sum", List.of(new Linear("fc2", 4)), List.of(new Linear("fc3", 4))),
                new Linear("fc4", 2)));
    Checkpoint model = RandomNetworks.model(branched, 1);

    Set<String> rounded =
        fixed()
            .run(model, Networks.context(branched, 5, 2))
            .quantization()
            .orElseThrow()
            .activations()
            .keySet();

    assertThat(rounded).containsExactlyInAnyOrder(Quantization.INPUT, "fc1", "sum");
  }

  @Test
  void whatTheNetworkGivesIsNotRounded() throws IOException {
    Architecture ends =
        new Architecture(
            new Shape(1, 2, 2),
            List.of(new Conv2d("conv", 2, 1, 1, 0), new Relu("relu"), new Flatten("flatten")));
    Checkpoint model = RandomNetworks.model(ends, 1);

    Checkpoint after = fixed().run(model, Networks.context(ends, 5, 2));

    assertThat(after.quantization().orElseThrow().activations().keySet())
        .containsExactly(Quantization.INPUT);
  }

  @Test
  void idsOfWordsAreNotRounded() throws IOException {
    for (long seed = 0; seed < 60; seed += 3) {
      Checkpoint model = Networks.model(seed);
      if (!(model.architecture().layers().get(0) instanceof Embedding)) {
        continue;
      }
      RecordedContext context = Networks.context(model.architecture(), 6, seed);
      Checkpoint after = fixed().run(model, context);
      assertThat(after.quantization().orElseThrow().activations())
          .as("seed %d", seed)
          .doesNotContainKey(Quantization.INPUT);
      assertThat(Networks.outputs(after, Networks.examples(model.architecture(), 2, seed)))
          .as("seed %d", seed)
          .doesNotContain(Float.NaN);
    }
  }

  @Test
  void biasesAreIntegersTimesInputTimesWeightScale() throws IOException {
    Checkpoint model = RandomNetworks.model(CONVNET, 1);

    for (Quantize.Granularity granularity : Quantize.Granularity.values()) {
      Checkpoint after =
          stage(granularity, Quantize.Activations.STATIC, true)
              .run(model, Networks.context(CONVNET, 5, 2));
      Quantization quantization = after.quantization().orElseThrow();
      Affine input = Objects.requireNonNull(quantization.activations().get("pool"));
      float[] weights = grid(after, "conv2.weight").scales().toFloats();
      float[] biases = grid(after, "conv2.bias").scales().toFloats();

      assertThat(biases).hasSameSizeAs(weights);
      assertThat(weights).hasSize(granularity == Quantize.Granularity.PER_CHANNEL ? 4 : 1);
      for (int row = 0; row < biases.length; row++) {
        assertThat(biases[row]).isEqualTo(weights[row] * input.scale());
      }
      assertThat(grid(after, "conv2.bias").largest()).isEqualTo(Integer.MAX_VALUE);
      float[] before = model.parameter("conv2.bias").toFloats();
      float[] now = after.parameter("conv2.bias").toFloats();
      for (int row = 0; row < now.length; row++) {
        assertThat(Math.abs(now[row] - before[row]))
            .isLessThanOrEqualTo(biases[biases.length == 1 ? 0 : row]);
      }
    }
  }

  /** As behind a batch norm whose scale a training has all but switched off. */
  @Test
  void aRowOfTinyWeightsKeepsItsBias() throws IOException {
    Architecture one = new Architecture(new Shape(2), List.of(new Linear("fc", 3)));
    Checkpoint model =
        new Checkpoint(
            one,
            Map.of(
                "fc.weight",
                    Tensor.of(new Shape(3, 2), 1e-20f, 2e-20f, 10 * Float.MIN_VALUE, 0, 1, 2),
                "fc.bias", Tensor.of(new Shape(3), 3, -4, 5)));

    Checkpoint after = fixed().run(model, Networks.context(one, 5, 1));

    float[] biases = after.parameter("fc.bias").toFloats();
    assertThat(biases[0]).isEqualTo(3, within(1e-6f));
    assertThat(biases[1]).isEqualTo(-4, within(0.01f));
    assertThat(biases[2]).isEqualTo(5, within(0.05f));
  }

  private static Offset<Float> within(float offset) {
    return Offset.offset(offset);
  }

  @Test
  void minMaxIsThatOfTheActivations() throws IOException {
    Architecture two =
        new Architecture(
            new Shape(3), List.of(new Linear("fc1", 4), new Relu("relu"), new Linear("fc2", 2)));
    Checkpoint model = RandomNetworks.model(two, 4);
    RecordedContext context = Networks.context(two, 8, 9);

    Map<String, Affine> activations =
        fixed().run(model, context).quantization().orElseThrow().activations();

    float[][] examples = Networks.examples(two, 8, 9);
    float least = 0;
    float most = 0;
    float hidden = 0;
    float[] weight = model.parameter("fc1.weight").toFloats();
    float[] bias = model.parameter("fc1.bias").toFloats();
    for (float[] example : examples) {
      for (float number : example) {
        least = Math.min(least, number);
        most = Math.max(most, number);
      }
      for (int row = 0; row < 4; row++) {
        double sum = bias[row];
        for (int i = 0; i < 3; i++) {
          sum += weight[row * 3 + i] * (double) example[i];
        }
        hidden = Math.max(hidden, (float) sum);
      }
    }
    assertThat(activations.get(Quantization.INPUT)).isEqualTo(Affine.over(least, most));
    Affine middle = Objects.requireNonNull(activations.get("relu"));
    assertThat(middle.zeroPoint()).isZero();
    assertThat(middle.scale()).isEqualTo(hidden / 255, within(1e-7f));
  }

  @Test
  void everythingLiesOnItsGridWhateverIsAsked() throws IOException {
    for (long seed = 0; seed < 60; seed++) {
      Checkpoint model = Networks.masked(Networks.model(seed), seed);
      boolean reduced = seed % 2 == 0;
      Quantize.Granularity granularity =
          List.of(Quantize.Granularity.values()).get((int) (seed / 2 % 2));
      Quantize.Activations activations =
          List.of(Quantize.Activations.values()).get((int) (seed / 4 % 3));
      Checkpoint floats = FoldedNorms.of(model).model();
      RecordedContext context = Networks.context(model.architecture(), 6, seed);

      Checkpoint after = stage(granularity, activations, reduced).run(model, context);

      assertThat(after.architecture()).isEqualTo(floats.architecture());
      assertThat(after.masks()).isEqualTo(floats.masks());
      for (ParameterSpec spec : after.architecture().parameters()) {
        Grid grid = after.quantization().orElseThrow().grids().get(spec.name());
        if (spec.kind() == ParameterSpec.Kind.WEIGHT) {
          assertThat(grid).as("seed %d, %s", seed, spec.name()).isNotNull();
          check(seed, spec, floats, after, Objects.requireNonNull(grid), reduced);
        }
        if (grid == null) {
          assertThat(after.parameter(spec.name())).isEqualTo(floats.parameter(spec.name()));
        }
      }
      assertThat(Networks.outputs(after, Networks.examples(model.architecture(), 2, seed)))
          .doesNotContain(Float.NaN);
    }
  }

  private static void check(
      long seed,
      ParameterSpec spec,
      Checkpoint floats,
      Checkpoint after,
      Grid grid,
      boolean reduced) {
    int[] integers = integers(grid, after, spec.name());
    float[] before = floats.parameter(spec.name()).toFloats();
    float[] scales = grid.scales().toFloats();
    int largest = reduced ? 63 : 127;
    Mask mask = floats.mask(spec.name());
    for (int cell = 0; cell < integers.length; cell++) {
      String where = "seed %d, %s, cell %d".formatted(seed, spec.name(), cell);
      assertThat(integers[cell]).as(where).isBetween(-largest, largest);
      if (before[cell] == 0 || !mask.keeps(cell)) {
        assertThat(integers[cell]).as(where).isZero();
      }
      float scale = scales[scales.length == 1 ? 0 : (int) (cell / spec.form().columns())];
      assertThat(Math.abs(integers[cell] * (double) scale - before[cell]))
          .as(where)
          .isLessThanOrEqualTo(scale * 0.5001);
    }
  }

  @Test
  void roundingAgainGivesTheSameIntegers() throws IOException {
    for (long seed = 0; seed < 40; seed++) {
      Checkpoint model = Networks.masked(Networks.model(seed), seed);
      Quantize stage =
          stage(
              List.of(Quantize.Granularity.values()).get((int) (seed % 2)),
              Quantize.Activations.NONE,
              seed % 4 < 2);
      RecordedContext context = Networks.context(model.architecture(), 0, seed);
      Checkpoint once = stage.run(model, context);

      Checkpoint twice = stage.run(once.withQuantization(Optional.empty()), context);

      for (String name : once.quantization().orElseThrow().grids().keySet()) {
        assertThat(integers(grid(twice, name), twice, name))
            .as("seed %d, %s", seed, name)
            .isEqualTo(integers(grid(once, name), once, name));
      }
    }
  }

  @Test
  void recordsAndSaysWhatBecameZero() throws IOException {
    Architecture one = new Architecture(new Shape(4), List.of(new Linear("fc", 1, false)));
    Checkpoint model =
        new Checkpoint(one, Map.of("fc.weight", Tensor.of(new Shape(1, 4), 63, 0, 0.25f, 2)));
    RecordedContext context = Networks.context(one, 0, 1);

    stage(Quantize.Granularity.PER_CHANNEL, Quantize.Activations.NONE, true).run(model, context);

    double error = 0.0625 / (63 * 63 + 0.0625 + 4);
    assertThat(context.rows())
        .containsExactly(
            "quantized-weights fc.weight 4.0",
            "zeros-before fc.weight 1.0",
            "rounded-to-zero fc.weight 1.0",
            "zeros-after fc.weight 2.0",
            "squared-error fc.weight " + error,
            "quantized-weights 4.0",
            "zeros-before 1.0",
            "rounded-to-zero 1.0",
            "zeros-after 2.0",
            "squared-error " + error);
    assertThat(context.said())
        .contains(
            "fc.weight  4 weights, zeros 1 + 1 by rounding, squared error 1.57e-05 of all",
            "zeros among the integers: 1 more than before, weights below half a step (25.00 % ->"
                + " 50.00 %)");
  }

  @Test
  void patternsChooseWeights() throws IOException {
    Checkpoint model = RandomNetworks.model(CONVNET, 1);
    Quantize some = chosen(List.of("conv*", "fc1.weight"), List.of("conv2.weight"));
    RecordedContext context = Networks.context(CONVNET, 3, 2);

    Checkpoint after = some.run(model, context);

    assertThat(after.quantization().orElseThrow().grids().keySet())
        .containsExactly("conv1.weight", "conv3.weight", "fc1.weight");
    assertThat(context.said()).contains("kept out: conv2.weight, fc2.weight");
    assertThat(chosen(List.of("*"), List.of("conv9.*")).faults(CONVNET, context.task()))
        .singleElement()
        .asString()
        .startsWith("exclude: conv9.* matches no weight that quantize takes");
    assertThat(chosen(List.of("*"), List.of("*")).faults(CONVNET, context.task()))
        .singleElement()
        .asString()
        .startsWith("nothing is left to quantize");
  }

  private static Quantize chosen(List<String> include, List<String> exclude) {
    return new Quantize(
        Quantize.Granularity.PER_CHANNEL,
        Quantize.Activations.NONE,
        new Range.MinMax(),
        new Calibration(),
        new WeightRounding.Nearest(),
        true,
        false,
        include,
        exclude);
  }

  @Test
  void tablesAreRoundedRowByRowWhenAsked() throws IOException {
    Checkpoint model =
        RandomNetworks.model(
            new Architecture(
                new Shape(3),
                List.of(
                    new Embedding("words", 4, 2),
                    new MeanOverPositions("mean"),
                    new Linear("fc", 2))),
            1);
    Quantize with =
        new Quantize(
            Quantize.Granularity.PER_TENSOR,
            Quantize.Activations.DYNAMIC,
            new Range.MinMax(),
            new Calibration(),
            new WeightRounding.Nearest(),
            true,
            true,
            List.of("*"),
            List.of());

    Checkpoint after = with.run(model, Networks.context(model.architecture(), 0, 1));

    assertThat(grid(after, "words.weight").scales().size()).isEqualTo(4);
    assertThat(grid(after, "fc.weight").scales().size()).isEqualTo(1);
    assertThat(after.quantization().orElseThrow().dynamic()).containsExactly("fc");
  }

  @Test
  void refusesWhatMakesNoSense() throws IOException {
    Quantize stage = new Quantize();
    assertThat(stage.refusal(true).orElseThrow()).contains("quantized already");
    assertThat(stage.refusal(false)).isEmpty();
    assertThat(stage.quantizes()).isTrue();
    assertThat(stage.reads()).containsExactly(Split.TRAIN);
    assertThat(stage(Quantize.Granularity.PER_TENSOR, Quantize.Activations.NONE, true).reads())
        .isEmpty();
    Checkpoint model = RandomNetworks.model(CONVNET, 1);
    assertThatThrownBy(() -> fixed().run(model, Networks.context(CONVNET, 0, 1)))
        .hasMessageContaining("the training part has none");
    Checkpoint after = fixed().run(model, Networks.context(CONVNET, 3, 1));
    assertThatThrownBy(() -> stage.run(after, Networks.context(CONVNET, 3, 1)))
        .hasMessageContaining("quantized already");
    Architecture none = new Architecture(new Shape(3), List.of(new Relu("relu")));
    assertThat(stage.faults(none, new Task.Regression(new Shape(3), 3)))
        .containsExactly(
            "quantize rounds the weights of linear and convolution layers, and the model has none");
    assertThatThrownBy(() -> new Range.Percentile(50)).hasMessageContaining("was 50.0");
    assertThatThrownBy(
            () ->
                new Quantize(
                    Quantize.Granularity.PER_TENSOR,
                    Quantize.Activations.DYNAMIC,
                    new Range.Percentile(99),
                    new Calibration(),
                    new WeightRounding.Nearest(),
                    true,
                    false,
                    List.of("*"),
                    List.of()))
        .hasMessage(
            "a range belongs to static activations, and these are dynamic; leave range out");
    assertThatThrownBy(() -> chosen(List.of(), List.of())).hasMessageContaining("include must");
  }

  @Test
  void weightsOfActivationsThatAreNoNumbersAreRefused() {
    Architecture one = new Architecture(new Shape(2), List.of(new Linear("fc", 2)));
    Checkpoint model = RandomNetworks.model(one, 1);
    float[][] inputs = {{1, 2}, {Float.NaN, 3}};
    RecordedContext context =
        new RecordedContext(new Task.Regression(new Shape(2), 2), inputs, new float[2][2]);

    assertThatThrownBy(() -> fixed().run(model, context))
        .hasMessageStartingWith("the network's input takes the value NaN");
  }
}

package io.secateur.calibrate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Conv2d;
import io.secateur.model.Embedding;
import io.secateur.model.Flatten;
import io.secateur.model.Initialisation;
import io.secateur.model.Linear;
import io.secateur.model.MeanOverPositions;
import io.secateur.model.Tensor;
import io.secateur.prune.RecordedContext;
import io.secateur.spi.Examples;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistic.Gradients;
import io.secateur.spi.Statistic.Inputs;
import io.secateur.spi.Statistics;
import io.secateur.spi.Task;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class CalibratorTest {
  private static final Task PAIR = new Task.Regression(new Shape(2), 1);

  /** z = (x0 + 2 x1, 3 x0 + 4 x1), y = 5 z0 + 6 z1. */
  private static final Checkpoint TWO_LAYERS =
      new Checkpoint(
          new Architecture(
              new Shape(2), List.of(new Linear("a", 2, false), new Linear("b", 1, false))),
          Map.of(
              "a.weight", Tensor.of(new Shape(2, 2), 1, 2, 3, 4),
              "b.weight", Tensor.of(new Shape(1, 2), 5, 6)));

  private static final float[][] X = {{1, 0}, {0, 1}, {1, 1}};
  private static final float[][] Y = {{20}, {30}, {50}};

  /** Outputs times their gradients, summed. */
  private record OutputTimesGradient() implements Statistic.OfOutputGradients {
    @Override
    public NDArray of(NDArray outputs, NDArray gradients) {
      return outputs.mul(gradients).sum(new int[] {0});
    }
  }

  /** Sum of outputs. */
  private record OutputSum() implements Statistic.OfOutputs {
    @Override
    public NDArray of(NDArray outputs) {
      return outputs.sum(new int[] {0});
    }
  }

  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private Map<String, Statistics> gather(int batch, Statistic... needs) {
    return gather(TWO_LAYERS, new RecordedContext(PAIR, X, Y), batch, needs);
  }

  private Map<String, Statistics> gather(
      Checkpoint model, RecordedContext context, int batch, Statistic... needs) {
    return Calibrator.gather(
        model,
        Set.of(needs),
        model.architecture().prunable().stream().map(spec -> spec.name()).toList(),
        new Calibration(100_000, batch),
        context.examples(),
        context.task(),
        7,
        manager);
  }

  private static float[] total(Map<String, Statistics> all, String weight, Statistic statistic) {
    return of(all, weight).total(statistic).toFloatArray();
  }

  private static Statistics of(Map<String, Statistics> all, String weight) {
    Statistics own = all.get(weight);
    assertThat(own).as(weight).isNotNull();
    return java.util.Objects.requireNonNull(own);
  }

  @Test
  void sumsInputsOfEveryLayerOverAllBatches() {
    Map<String, Statistics> all = gather(2, Inputs.SQUARED_NORM, Inputs.GRAM);

    assertThat(total(all, "a.weight", Inputs.SQUARED_NORM)).containsExactly(2, 2);
    assertThat(total(all, "a.weight", Inputs.GRAM)).containsExactly(2, 1, 1, 2);
    // z = (1, 3), (2, 4), (3, 7)
    assertThat(total(all, "b.weight", Inputs.SQUARED_NORM)).containsExactly(14, 74);
    assertThat(of(all, "b.weight").count(Inputs.GRAM)).isEqualTo(3);
  }

  @Test
  void sumsOutputs() {
    assertThat(total(gather(2, new OutputSum()), "a.weight", new OutputSum()))
        .containsExactly(6, 14);
  }

  @Test
  void sumsGradientsOfEachBatchsMeanLoss() {
    // y = 23, 34, 57; y - t = 3, 4, 7; one batch of all: 2/3 Σ (y - t) z
    Map<String, Statistics> all = gather(3, Gradients.SUM);
    assertThat(total(all, "b.weight", Gradients.SUM))
        .containsExactly(new float[] {2f / 3 * 32, 2f / 3 * 74}, within(1e-4f));
    assertThat(of(all, "b.weight").count(Gradients.SUM)).isEqualTo(1);
  }

  @Test
  void startsEveryBatchWithoutTheGradientOfTheLast() {
    // Batches of one: 2 Σ (y - t) z
    Map<String, Statistics> all = gather(1, Gradients.SUM, Gradients.SQUARED);
    assertThat(total(all, "b.weight", Gradients.SUM))
        .containsExactly(new float[] {64, 148}, within(1e-3f));
    assertThat(total(all, "b.weight", Gradients.SQUARED))
        .containsExactly(new float[] {4 * (9 + 64 + 441), 4 * (81 + 256 + 49 * 49)}, within(1e-2f));
    assertThat(of(all, "b.weight").count(Gradients.SUM)).isEqualTo(3);
  }

  @Test
  void givesTheGradientWithRespectToALayersOutputs() {
    // dL/dz = 2/3 (y - t) (5, 6), outputs z
    float[] total =
        total(gather(3, new OutputTimesGradient()), "a.weight", new OutputTimesGradient());
    assertThat(total)
        .containsExactly(new float[] {2f / 3 * 5 * 32, 2f / 3 * 6 * 74}, within(1e-3f));
  }

  @Test
  void laysOutConvolutionsSoThatWindowsTimesWeightsAreTheOutputs() {
    Architecture net =
        new Architecture(new Shape(2, 5, 6), List.of(new Conv2d("c", 3, 3, 2, 1, 1, false)));
    Map<String, Tensor> parameters = net.initialise(Initialisation.PYTORCH, 1);
    NDArray inputs = manager.arange(4 * 60f).div(60).reshape(4, 2, 5, 6);
    NDArray outputs = net.block(parameters, manager).forward(inputs, false);
    NDArray weight =
        new Checkpoint(net, parameters).parameter("c.weight").in(manager).reshape(3, 18);

    NDArray rows = Rows.ofInputs(net.places().get(0), "c.weight", inputs);

    assertThat(rows.matMul(weight.transpose()).toFloatArray())
        .containsExactly(Rows.ofOutputs(outputs).toFloatArray(), within(1e-4f));
  }

  @Test
  void gathersThroughAConvolutionAndAClassification() {
    Architecture net =
        new Architecture(
            new Shape(1, 3, 3),
            List.of(new Conv2d("c", 2, 2, 1, 0), new Flatten("f"), new Linear("l", 2)));
    Checkpoint model = new Checkpoint(net, net.initialise(Initialisation.PYTORCH, 2));
    RecordedContext context =
        new RecordedContext(
            new Task.Classification(new Shape(1, 3, 3), 2),
            new float[][] {{1, 2, 3, 4, 5, 6, 7, 8, 9}, {0, 0, 0, 0, 1, 0, 0, 0, 0}},
            new float[][] {{0}, {1}});

    Map<String, Statistics> all = gather(model, context, 2, Inputs.SQUARED_NORM, Gradients.SUM);

    // Four windows of 1 to 9: squares of the top left cells 1, 2, 4, 5; the other adds its one 1.
    assertThat(total(all, "c.weight", Inputs.SQUARED_NORM)[0]).isEqualTo(1 + 4 + 16 + 25 + 1);
    assertThat(of(all, "c.weight").count(Inputs.SQUARED_NORM)).isEqualTo(8);
    float[] gradient = total(all, "l.weight", Gradients.SUM);
    // Softmax gradients of the two classes cancel.
    for (int i = 0; i < 8; i++) {
      assertThat(gradient[i]).isCloseTo(-gradient[8 + i], within(1e-5f));
    }
    assertThat(gradient).isNotEqualTo(new float[16]);
  }

  @Test
  void doesNotLoseSmallBatchesBesideALargeOne() {
    float[][] inputs = new float[1025][];
    Arrays.setAll(inputs, i -> new float[] {i == 0 ? 8192 : 1, 0});
    float[][] targets = new float[1025][];
    Arrays.fill(targets, new float[] {0});

    Map<String, Statistics> all =
        gather(TWO_LAYERS, new RecordedContext(PAIR, inputs, targets), 1, Inputs.SQUARED_NORM);

    // In float32 the sum would stay 2^26 from wherever the large one comes in.
    assertThat(total(all, "a.weight", Inputs.SQUARED_NORM)[0]).isEqualTo((1 << 26) + 1024);
  }

  @Test
  void ownsNothingAfterwardsButTheTotals() {
    gather(1, Inputs.GRAM, Gradients.SUM, new OutputTimesGradient());
    assertThat(manager.getManagedArrays()).hasSize(2 * 3);
  }

  @Test
  void drawsDistinctExamplesThatTheSeedDecides() {
    int[] drawn = Sample.of(1000, 300, 5);
    assertThat(Arrays.stream(drawn).distinct().count()).isEqualTo(300);
    assertThat(Arrays.stream(drawn).allMatch(i -> i >= 0 && i < 1000)).isTrue();
    assertThat(Sample.of(1000, 300, 5)).isEqualTo(drawn);
    assertThat(Sample.of(1000, 300, 6)).isNotEqualTo(drawn);
    assertThat(Sample.of(4, 300, 5)).containsExactlyInAnyOrder(0, 1, 2, 3);
  }

  @Test
  void namesAStatisticThatWasNotAskedFor() {
    assertThatThrownBy(() -> of(gather(1, Inputs.GRAM), "a.weight").total(Gradients.SUM))
        .hasMessage(
            "statistic SUM of a.weight was not gathered; a method's needs() must name it, they named"
                + " [GRAM]");
  }

  @Test
  void refusesInputsOfABias() {
    Architecture net = new Architecture(new Shape(2), List.of(new Linear("a", 2)));
    Checkpoint model = new Checkpoint(net, net.initialise(Initialisation.PYTORCH, 2));
    assertThatThrownBy(
            () ->
                Calibrator.gather(
                    model,
                    Set.of(Inputs.GRAM),
                    List.of("a.bias"),
                    new Calibration(),
                    new RecordedContext(PAIR, X, Y).examples(),
                    PAIR,
                    7,
                    manager))
        .hasMessage(
            "statistic GRAM is one of weights, and a.bias is a BIAS; exclude it, or use a method"
                + " without calibration");
  }

  @Test
  void refusesSettingsBelowOne() {
    assertThatThrownBy(() -> new Calibration(0, 1))
        .hasMessage("examples must be at least 1, was 0");
    assertThatThrownBy(() -> new Calibration(1, 0)).hasMessage("batch must be at least 1, was 0");
  }

  /** Numbers of three words, of which word 0 is padding, through a layer to two sums and means. */
  private static final Checkpoint OF_TEXTS =
      new Checkpoint(
          new Architecture(
              new Shape(3),
              List.of(
                  new Embedding("e", 3, 2, 0),
                  new Linear("a", 2, false),
                  new MeanOverPositions("mean"),
                  new Linear("b", 2, false))),
          Map.of(
              "e.weight", Tensor.of(new Shape(3, 2), 90, 90, 1, 2, 3, 4),
              "a.weight", Tensor.of(new Shape(2, 2), 1, 1, 1, -1),
              "b.weight", Tensor.of(new Shape(2, 2), 1, 0, 0, 1)));

  /** "word 1, word 2" and "word 2". */
  private static final class Texts implements Examples {
    @Override
    public int size() {
      return 2;
    }

    @Override
    public Batch batch(int[] indices, NDManager manager) {
      long[][] texts = {{1, 2, 0}, {2, 0, 0}};
      long[] ids =
          Arrays.stream(indices).boxed().flatMapToLong(i -> Arrays.stream(texts[i])).toArray();
      return new Batch(
          manager.create(ids, new Shape(indices.length, 3)),
          manager.create(new long[indices.length]));
    }
  }

  private Map<String, Statistics> ofTexts(List<String> weights, Statistic... needs) {
    Task task = new Task.Classification(new Shape(3), 2, 3);
    return Calibrator.gather(
        OF_TEXTS, Set.of(needs), weights, new Calibration(2, 2), new Texts(), task, 7, manager);
  }

  @Test
  void whereATextHasEndedNothingCounts() {
    Statistic outputs = new OutputSum();
    Statistic product = new OutputTimesGradient();
    Map<String, Statistics> all =
        ofTexts(List.of("a.weight", "b.weight"), Inputs.SQUARED_NORM, outputs, product);

    // Words (1, 2), (3, 4), (3, 4); their sums and differences (3, -1), (7, -1), (7, -1).
    assertThat(total(all, "a.weight", Inputs.SQUARED_NORM)).containsExactly(19, 36);
    assertThat(of(all, "a.weight").count(Inputs.SQUARED_NORM)).isEqualTo(3);
    assertThat(total(all, "a.weight", outputs)).containsExactly(17, -3);
    assertThat(of(all, "a.weight").count(product)).isEqualTo(3);
    // Behind the mean there is a row for each text: (5, -1), (7, -1).
    assertThat(total(all, "b.weight", Inputs.SQUARED_NORM)).containsExactly(74, 2);
    assertThat(of(all, "b.weight").count(product)).isEqualTo(2);
    // Of linear layers that nothing bends between, both sums of products are that of the logits.
    float[] before = total(all, "a.weight", product);
    float[] behind = total(all, "b.weight", product);
    assertThat(before[0]).isCloseTo(behind[0], within(1e-5f));
    assertThat(before[1]).isCloseTo(behind[1], within(1e-5f));
  }

  @Test
  void aTableHasGradientsAndNoInputs() {
    assertThat(
            total(ofTexts(List.of("e.weight"), Gradients.SQUARED), "e.weight", Gradients.SQUARED))
        .hasSize(6)
        .startsWith(0, 0)
        .satisfies(numbers -> assertThat(numbers[2]).isPositive());
    assertThatThrownBy(() -> ofTexts(List.of("e.weight"), Inputs.SQUARED_NORM))
        .hasMessageContaining("e.weight is a EMBEDDING; exclude it");
  }
}

package io.secateur.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.builtin.Accuracy;
import io.secateur.builtin.Loss;
import io.secateur.evaluate.Evaluation;
import io.secateur.model.Affine;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Grid;
import io.secateur.model.Initialisation;
import io.secateur.model.Linear;
import io.secateur.model.Quantization;
import io.secateur.model.Relu;
import io.secateur.model.Tensor;
import io.secateur.sparsity.Mask;
import io.secateur.spi.Examples;
import io.secateur.spi.Metric;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Trainings of networks whose weights are integers. */
@Tag("engine")
class QuantizedTrainingTest {
  private static final Optimizer ADAM =
      new Optimizer.Adam(LearningRate.of(0.02), 0.9, 0.99, 1e-8, 0.01);
  private static final Optimizer SGD =
      new Optimizer.Sgd(new LearningRate.Step(0.1, 1, 0.5), 0.9, 0.05, false);
  private static final OptionalLong END = OptionalLong.empty();

  private final Toys.Context context = new Toys.Context();

  /** Weights by row, biases at the scale of input × weight, activations over fixed ranges. */
  private static Checkpoint quantized(Checkpoint floats, int largest) {
    return OnGrids.of(
        floats,
        largest,
        Map.of(Quantization.INPUT, Affine.over(-1, 2), "relu", Affine.over(0, 1.5)),
        Map.of("hidden", Quantization.INPUT, "out", "relu"));
  }

  private static Checkpoint start() {
    return quantized(Toys.pruned(Toys.dense(3), 4), 7);
  }

  @Test
  void gradientsPassTheRoundingAsIfItWereNone() throws IOException {
    Architecture two =
        new Architecture(
            new Shape(6), List.of(new Linear("hidden", 5), new Relu("relu"), new Linear("out", 3)));
    Checkpoint model =
        quantized(new Checkpoint(two, two.initialise(Initialisation.PYTORCH, 11)), 3);
    double rate = 0.5;
    Trainer trainer = new Trainer(2, new Optimizer.Sgd(LearningRate.of(rate), 0, 0, false), 50);

    Checkpoint moved = trainer.train(model, OptionalLong.of(1), 9, context);

    NaiveGradients naive = new NaiveGradients(model, Toys.examples(50, 1));
    Map<String, Tensor> state = moved.training().orElseThrow().optimizer();
    naive
        .gradients()
        .forEach(
            (name, gradient) -> {
              float[] before = model.parameter(name).toFloats();
              float[] after = Objects.requireNonNull(state.get(name + "/shadow")).toFloats();
              for (int i = 0; i < after.length; i++) {
                assertThat(after[i])
                    .as("%s %d", name, i)
                    .isCloseTo((float) (before[i] - rate * gradient[i]), Offset.offset(1e-6f));
              }
            });
    // Some activations lie beyond their range, some weights are moved to other integers.
    assertThat(naive.clipped()).isPositive();
    assertThat(moved.parameters()).isNotEqualTo(model.parameters());
  }

  @Test
  void parametersAreTheShadowsRoundedAndScalesFollowThem() throws IOException {
    Checkpoint start = start();
    Checkpoint cut = new Trainer(2, ADAM, 8).train(start, OptionalLong.of(9), 9, context);
    Map<String, Tensor> state = cut.training().orElseThrow().optimizer();
    Quantization now = cut.quantization().orElseThrow();
    for (String layer : List.of("hidden", "out")) {
      String weight = layer + ".weight";
      Tensor shadow = Objects.requireNonNull(state.get(weight + "/shadow"));
      float[] scales = OnGrids.scales(shadow, (int) shadow.shape().get(0), 7);
      assertThat(grid(now, weight).scales().toFloats()).containsExactly(scales);
      assertThat(cut.parameter(weight)).isEqualTo(grid(now, weight).rounded(shadow));
      assertThat(cut.parameter(weight)).isNotEqualTo(start.parameter(weight));

      String bias = layer + ".bias";
      float input = activation(now, layer.equals("out") ? "relu" : Quantization.INPUT).scale();
      for (int row = 0; row < scales.length; row++) {
        assertThat(grid(now, bias).scales().toFloats()[row]).isEqualTo(input * scales[row]);
      }
      Tensor numbers = Objects.requireNonNull(state.get(bias + "/shadow"));
      assertThat(cut.parameter(bias)).isEqualTo(grid(now, bias).rounded(numbers));
    }
    assertThat(now.activations()).isEqualTo(start.quantization().orElseThrow().activations());
  }

  private static Grid grid(Quantization quantization, String name) {
    return Objects.requireNonNull(quantization.grids().get(name));
  }

  private static Affine activation(Quantization quantization, String layer) {
    return Objects.requireNonNull(quantization.activations().get(layer));
  }

  @Test
  void rowsOfZerosHaveAScaleAndStayZeros() throws IOException {
    Checkpoint floats = Toys.dense(3);
    Map<String, Tensor> parameters = new HashMap<>(floats.parameters());
    parameters.put("out.weight", Tensor.zeros(new Shape(3, 8)));
    Checkpoint zeros = floats.withParameters(parameters);
    Checkpoint masked =
        zeros.withMasks(
            Map.of(
                "out.weight",
                Mask.of(zeros.architecture().parameter("out.weight").form(), cell -> false)));

    Checkpoint trained = new Trainer(1, ADAM, 8).train(quantized(masked, 7), END, 9, context);

    assertThat(trained.parameter("out.weight")).isEqualTo(Tensor.zeros(new Shape(3, 8)));
    assertThat(grid(trained.quantization().orElseThrow(), "out.weight").scales().toFloats())
        .containsOnly(1f);
  }

  @Test
  void aBiasThatIsLargeBesideItsWeightsStaysWhatItIs() throws IOException {
    Checkpoint floats = Toys.dense(3);
    Map<String, Tensor> parameters = new HashMap<>(floats.parameters());
    float[] weights = floats.parameter("hidden.weight").toFloats();
    Arrays.fill(weights, 0, 6, 1e-12f);
    float[] biases = floats.parameter("hidden.bias").toFloats();
    biases[0] = 0.5f;
    parameters.put("hidden.weight", Tensor.of(new Shape(8, 6), weights));
    parameters.put("hidden.bias", Tensor.of(new Shape(8), biases));
    Checkpoint model = quantized(floats.withParameters(parameters), 7);
    // So slow that the weights stay small: 0.5 in steps of their scale is beyond 32 bits.
    Optimizer slow = new Optimizer.Sgd(LearningRate.of(1e-9), 0, 0, false);

    Checkpoint trained = new Trainer(1, slow, 8).train(model, END, 9, context);

    assertThat(trained.parameter("hidden.bias").toFloats()[0])
        .isCloseTo(0.5f, Offset.offset(1e-6f));
  }

  @Test
  void cuttingATrainingAnywhereChangesNoBit() throws IOException {
    for (Optimizer optimizer : List.of(ADAM, SGD)) {
      Trainer trainer = new Trainer(3, optimizer, 8);
      Checkpoint whole = trainer.train(start(), END, 9, context);
      for (List<Long> cuts : List.of(List.of(0L, 1L), List.of(7L), List.of(3L, 9L, 14L, 20L))) {
        Checkpoint pieced = start();
        for (long cut : cuts) {
          pieced = trainer.train(pieced, OptionalLong.of(cut), 9, new Toys.Context());
        }
        assertThat(trainer.train(pieced, END, 9, new Toys.Context()))
            .as("%s cut at %s", optimizer, cuts)
            .isEqualTo(whole);
      }
    }
  }

  @Test
  void prunedWeightsStayZeroInShadowsToo() throws IOException {
    for (Optimizer optimizer : List.of(ADAM, SGD)) {
      Checkpoint cut = new Trainer(2, optimizer, 8).train(start(), OptionalLong.of(10), 9, context);

      Map<String, Tensor> all = new TreeMap<>(cut.parameters());
      all.putAll(cut.training().orElseThrow().optimizer());
      assertThat(all).containsKeys("hidden.weight/shadow", "out.weight/shadow");
      cut.masks()
          .forEach(
              (name, mask) ->
                  all.forEach(
                      (slot, tensor) -> {
                        if (slot.startsWith(name)) {
                          float[] values = tensor.toFloats();
                          for (int i = 0; i < values.length; i++) {
                            if (!mask.keeps(i)) {
                              assertThat(Float.floatToRawIntBits(values[i])).isZero();
                            }
                          }
                        }
                      }));
      assertThat(context.rows)
          .filteredOn(row -> row.metric().equals("revived"))
          .extracting(Stage.Row::value)
          .containsOnly(0.0);
    }
  }

  @Test
  void theLastEpochIsMeasuredAsItsResultIs() throws IOException {
    Checkpoint trained = watching(0.02, Optional.empty()).train(start(), END, 9, context);

    assertThat(losses()).hasSize(6);
    assertThat(loss(trained)).isEqualTo(losses().get(5));
  }

  private static Trainer watching(double rate, Optional<BestEpoch> best) {
    return new Trainer(
        6,
        Optional.empty(),
        new Optimizer.Adam(LearningRate.of(rate), 0.9, 0.99, 1e-8, 0.01),
        8,
        TrainingLoss.TASK,
        new Watch(List.of(new Loss(), new Accuracy()), List.of(Split.TEST)),
        Optional.empty(),
        best);
  }

  private double loss(Checkpoint model) {
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      int batch = Evaluation.batchSize(model.architecture());
      Metric.OfPredictions loss = new Loss();
      return Objects.requireNonNull(
              Evaluation.predictions(
                      model.block(manager),
                      context.data(Split.TEST),
                      context.task(),
                      List.of(loss),
                      batch,
                      manager)
                  .get(loss))
          .get(0)
          .value();
    }
  }

  private List<Double> losses() {
    return context.rows.stream()
        .filter(row -> row.metric().equals("loss") && row.split().equals("test"))
        .map(Stage.Row::value)
        .toList();
  }

  @Test
  void theBestEpochComesBackOnItsOwnGrids() throws IOException {
    BestEpoch lowest = new BestEpoch(Optional.of(new Loss()), Split.TEST);
    Checkpoint best = watching(0.3, Optional.of(lowest)).train(start(), END, 9, context);

    double least = losses().stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    assertThat(losses().indexOf(least)).isLessThan(5);
    assertThat(loss(best)).isEqualTo(least);
    assertThat(best.training().orElseThrow().optimizer()).isEmpty();
  }

  @Test
  void weightsAloneOrRangesOfEachBatchTrainToo() throws IOException {
    for (Set<String> dynamic : List.of(Set.<String>of(), Set.of("hidden", "out"))) {
      Checkpoint model = OnGrids.of(Toys.dense(3), 7, Map.of(), Map.of());
      Quantization grids = model.quantization().orElseThrow();
      model =
          model.withQuantization(Optional.of(new Quantization(grids.grids(), Map.of(), dynamic)));

      context.rows.clear();
      Checkpoint trained = watching(0.02, Optional.empty()).train(model, END, 9, context);

      assertThat(trained.quantization().orElseThrow().dynamic()).isEqualTo(dynamic);
      assertThat(loss(trained)).isEqualTo(losses().get(5));
      assertThat(trained.parameter("hidden.bias")).isNotEqualTo(model.parameter("hidden.bias"));
    }
  }

  @Test
  void aDivergingTrainingEndsWithOneLine() {
    Trainer trainer = new Trainer(5, new Optimizer.Sgd(LearningRate.of(3e38), 0, 0, false), 8);

    assertThatThrownBy(() -> trainer.train(start(), END, 9, context))
        .isInstanceOf(DivergedException.class);
  }

  @Test
  void stepsLeaveNoArraysBehind() throws IOException {
    List<Integer> live = new ArrayList<>();
    Examples examples = context.data(Split.TRAIN);
    Examples watched =
        new Examples() {
          @Override
          public int size() {
            return examples.size();
          }

          @Override
          public Batch batch(int[] indices, NDManager manager) {
            NDManager root = manager;
            while (root.getParentManager().getParentManager() != null) {
              root = root.getParentManager();
            }
            live.add(((BaseNDManager) root).getManagedArrays().size());
            return examples.batch(indices, manager);
          }
        };
    new Trainer(3, ADAM, 8)
        .train(start(), END, 9, new Toys.Context(watched, context.data(Split.TEST)));

    assertThat(live).hasSize(21);
    assertThat(live.subList(2, 21)).containsOnly(live.get(2));
  }
}

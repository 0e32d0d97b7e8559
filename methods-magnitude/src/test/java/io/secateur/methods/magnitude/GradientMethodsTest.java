package io.secateur.methods.magnitude;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.calibrate.Calibration;
import io.secateur.calibrate.Calibrator;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Initialisation;
import io.secateur.model.Linear;
import io.secateur.model.Relu;
import io.secateur.model.Tensor;
import io.secateur.prune.RecordedContext;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Granularity.Axis;
import io.secateur.sparsity.Scope;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistics;
import io.secateur.spi.Task;
import io.secateur.spi.Weight;
import io.secateur.stage.Prune;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * One linear layer with weights 1 and 2 on two examples, shown one by one. The squared error's
 * gradients: x = (1, 1), y = 1 gives an error of 2 and (4, 4); x = (2, -1), y = 3 an error of -3
 * and (-12, 6).
 */
@Tag("engine")
class GradientMethodsTest {
  private static final Task TASK = new Task.Regression(new Shape(2), 1);
  private static final RecordedContext CONTEXT =
      new RecordedContext(TASK, new float[][] {{1, 1}, {2, -1}}, new float[][] {{1}, {3}});
  private static final Checkpoint MODEL = linear(1, 1, 2);

  private static Checkpoint linear(int outputs, float... weights) {
    return new Checkpoint(
        new Architecture(new Shape(2), List.of(new Linear("fc", outputs, false))),
        Map.of("fc.weight", Tensor.of(new Shape(outputs, 2), weights)));
  }

  private static float[] scores(ScoringMethod method) {
    try (NDManager manager = NDManager.newBaseManager()) {
      Map<String, Statistics> statistics =
          Calibrator.gather(
              MODEL,
              method.needs(),
              List.of("fc.weight"),
              new Calibration(2, 1),
              CONTEXT.examples(),
              TASK,
              1,
              manager);
      NDArray matrix = MODEL.parameter("fc.weight").in(manager);
      return method
          .scores(
              new Weight("fc.weight", Form.matrix(1, 2), matrix, Map.of(), 0),
              requireNonNull(statistics.get("fc.weight")))
          .toFloatArray();
    }
  }

  @Test
  void gradientIsTheMeanMagnitudeOverBatches() {
    assertThat(scores(new Gradient())).containsExactly(new float[] {8, 5}, within(1e-5f));
  }

  @Test
  void snipIsTheWeightTimesTheMeanGradient() {
    assertThat(scores(new Snip())).containsExactly(new float[] {4, 10}, within(1e-5f));
  }

  @Test
  void taylorIsTheMeanSquareOfWeightTimesGradient() {
    assertThat(scores(new Taylor())).containsExactly(new float[] {80, 104}, within(1e-4f));
  }

  @Test
  void movementIsLowestForWeightsThatShrink() {
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray weights = manager.create(new float[] {2, -2, 2});
      NDArray gradients = manager.create(new float[] {.5f, .5f, 0});
      NDArray step = Movement.Steps.WEIGHT_TIMES_GRADIENT.of(weights, gradients);
      Statistics steps =
          new Statistics() {
            @Override
            public NDArray total(Statistic statistic) {
              assertThat(new Movement().needs()).containsExactly(statistic);
              return step;
            }

            @Override
            public long count(Statistic statistic) {
              return 1;
            }
          };
      Weight weight = new Weight("w", Form.matrix(1, 3), weights, Map.of(), 0);
      // A descent step moves 2 down to 1.5 and -2 to -2.5.
      assertThat(new Movement().scores(weight, steps).toFloatArray()).containsExactly(-1, 1, -0f);
    }
  }

  private static Prune prune(PruningMethod method, Granularity granularity, Amount amount) {
    return new Prune(
        Optional.of(method),
        granularity,
        new Scope.Layer(),
        Optional.of(amount),
        Map.of(),
        List.of(),
        List.of(),
        Optional.empty(),
        new Calibration(2, 1));
  }

  @Test
  void aThresholdTakesEveryWeightWhoseScoreIsAtMostThat() throws IOException {
    Prune stage = prune(new Gradient(), new Granularity.Element(), new Amount.Below(5));
    Checkpoint pruned = stage.run(MODEL, CONTEXT);
    assertThat(pruned.parameter("fc.weight").toFloats()).containsExactly(1, 0);
    stage = prune(new Snip(), new Granularity.Element(), new Amount.Below(5));
    assertThat(stage.run(MODEL, CONTEXT).parameter("fc.weight").toFloats()).containsExactly(0, 2);
  }

  @Test
  void aThresholdOfATenthKeepsExactlyTheHigherGradients() throws IOException {
    // The single-shot example of the source documents, on a small network and random data.
    SplittableRandom random = new SplittableRandom(5);
    float[][] inputs = new float[64][12];
    float[][] classes = new float[64][1];
    for (int i = 0; i < inputs.length; i++) {
      for (int j = 0; j < 12; j++) {
        inputs[i][j] = (float) random.nextDouble(-6, 6);
      }
      classes[i][0] = random.nextInt(3);
    }
    Task task = new Task.Classification(new Shape(12), 3);
    RecordedContext context = new RecordedContext(task, inputs, classes);
    Architecture net =
        new Architecture(
            new Shape(12), List.of(new Linear("a", 8), new Relu("r"), new Linear("b", 3)));
    Checkpoint model = new Checkpoint(net, net.initialise(Initialisation.PYTORCH, 3));
    Calibration calibration = new Calibration(64, 16);
    Prune stage =
        new Prune(
            Optional.of(new Gradient()),
            new Granularity.Element(),
            new Scope.Global(),
            Optional.of(new Amount.Below(.1)),
            Map.of(),
            List.of(),
            List.of(),
            Optional.empty(),
            calibration);

    Checkpoint pruned = stage.run(model, context);

    try (NDManager manager = NDManager.newBaseManager()) {
      Map<String, Statistics> statistics =
          Calibrator.gather(
              model,
              new Gradient().needs(),
              List.of("a.weight", "b.weight"),
              calibration,
              context.examples(),
              task,
              context.seed("calibrate"),
              manager);
      long kept = 0;
      for (String name : List.of("a.weight", "b.weight")) {
        float[] sums =
            requireNonNull(statistics.get(name)).total(Statistic.Gradients.ABSOLUTE).toFloatArray();
        for (int i = 0; i < sums.length; i++) {
          assertThat(pruned.mask(name).keeps(i)).as("%s %d", name, i).isEqualTo(sums[i] / 4 > .1);
          kept += pruned.mask(name).keeps(i) ? 1 : 0;
        }
      }
      assertThat(kept).isBetween(10L, 110L);
    }
  }

  @Test
  void gradientsLieBesideTheirWeightsInSlicesOfInputs() throws IOException {
    // A square weight, so that a transposed gradient would have its shape: rows with errors of
    // -1 and 0 (x = 1, 1; y = 1, 1) and of 0 and 3 (x = 2, -1; y = 0, 0).
    Checkpoint model = linear(2, 0, 0, 2, -1);
    RecordedContext context =
        new RecordedContext(
            new Task.Regression(new Shape(2), 2),
            new float[][] {{1, 1}, {2, -1}},
            new float[][] {{1, 1}, {0, 0}});
    Granularity inputs = new Granularity.Slice(Axis.INPUT);
    Checkpoint pruned = prune(new Snip(), inputs, new Amount.Count(1)).run(model, context);
    // Half the squared errors' gradients: (-1, -1), (0, 0) and (0, 0), (10, -5). Weight times mean:
    // inputs 10 and 2.5.
    assertThat(pruned.parameter("fc.weight").toFloats()).containsExactly(0, 0, 2, 0);
  }
}

package io.secateur.methods.structured;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.calibrate.Calibration;
import io.secateur.calibrate.Calibrator;
import io.secateur.model.Architecture;
import io.secateur.model.BatchNorm;
import io.secateur.model.Checkpoint;
import io.secateur.model.Conv2d;
import io.secateur.model.GlobalAvgPool2d;
import io.secateur.model.Initialisation;
import io.secateur.model.Linear;
import io.secateur.model.Relu;
import io.secateur.model.Residual;
import io.secateur.model.Tensor;
import io.secateur.prune.Pruned;
import io.secateur.prune.Pruner;
import io.secateur.prune.Pruning;
import io.secateur.prune.RecordedContext;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Mask;
import io.secateur.sparsity.Pattern;
import io.secateur.sparsity.Scope;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistics;
import io.secateur.spi.Task;
import io.secateur.spi.Weight;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.ServiceLoader;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class UnitMethodsTest {
  private static final Statistics NONE =
      new Statistics() {
        @Override
        public NDArray total(Statistic statistic) {
          throw new AssertionError("nothing was gathered");
        }

        @Override
        public long count(Statistic statistic) {
          throw new AssertionError("nothing was gathered");
        }
      };

  /** Two tied convolutions with a batch norm each, and one in between that has one of its own. */
  private static final Architecture TIED =
      new Architecture(
          new Shape(1, 4, 4),
          List.of(
              new Conv2d("stem", 3, 1, 1, 0),
              new BatchNorm("bn1"),
              new Residual(
                  "add",
                  List.of(
                      new Conv2d("in", 2, 3, 1, 1),
                      new BatchNorm("bn2"),
                      new Relu("relu"),
                      new Conv2d("out", 3, 1, 1, 0),
                      new BatchNorm("bn3")),
                  List.of()),
              new GlobalAvgPool2d("pool"),
              new Linear("fc", 2)));

  private static float[] scores(ScoringMethod method, int units, float... cells) {
    return seeded(method, 5, units, cells);
  }

  private static float[] seeded(ScoringMethod method, long seed, int units, float... cells) {
    try (NDManager manager = NDManager.newBaseManager()) {
      int width = cells.length / units;
      NDArray matrix = manager.create(cells, new Shape(units, width));
      Weight weight = new Weight("w", Form.matrix(units, width), matrix, Map.of(), seed);
      NDArray scores = method.scores(weight, NONE);
      assertThat(scores.getShape()).isEqualTo(new Shape(units, 1));
      return scores.toFloatArray();
    }
  }

  private static Pruning pruning(Architecture architecture, ScoringMethod method, Amount amount) {
    Map<String, Amount> amounts = new LinkedHashMap<>();
    architecture.prunable().forEach(spec -> amounts.put(spec.name(), amount));
    return new Pruning(
        method, new Pattern(new Granularity.OutputUnits(), new Scope.Global()), amounts);
  }

  private static Checkpoint with(Checkpoint model, String name, float... values) {
    Map<String, Tensor> parameters = new HashMap<>(model.parameters());
    parameters.put(name, Tensor.of(model.parameter(name).shape(), values));
    return model.withParameters(parameters);
  }

  private static Checkpoint open(Architecture architecture) {
    return new Checkpoint(architecture, architecture.initialise(Initialisation.PYTORCH, 3));
  }

  private static String kept(Checkpoint model, String vector) {
    Mask mask = model.mask(vector);
    StringBuilder bits = new StringBuilder();
    for (long unit = 0; unit < mask.form().size(); unit++) {
      bits.append(mask.keeps(unit) ? '1' : '0');
    }
    return bits.toString();
  }

  @Test
  void theGeometricMedianIsTheUnitNearestToAllOthers() {
    // Points (0, 0.1), (3, 4), (6, 8) and (0, 8): the second is 5 from the third and the fourth.
    float[] scores = scores(new GeometricMedian(), 4, 0, .1f, 3, 4, 6, 8, 0, 8);
    double toFirst = Math.sqrt(9 + 3.9 * 3.9);
    double diagonal = Math.sqrt(36 + 7.9 * 7.9);
    assertThat(scores)
        .containsExactly(
            new float[] {
              (float) (toFirst + diagonal + 7.9),
              (float) (toFirst + 10),
              (float) (diagonal + 11),
              (float) (7.9 + 11)
            },
            within(1e-5f));
  }

  @Test
  void whatIsPrunedAlreadyIsAtNoDistance() {
    assertThat(scores(new GeometricMedian(), 3, 1, 1, 0, 0, 4, 5)).containsExactly(5, 0, 5);
  }

  @Test
  void distancesOfNearlyEqualUnitsAreNotLost() {
    // All are about (1000, 1000, …); they differ in the last bits of a float.
    int units = 7;
    int width = 11;
    Random random = new Random(3);
    float[] cells = new float[units * width];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = 1000 + random.nextInt(4) * Math.ulp(1000f);
    }
    System.arraycopy(cells, 0, cells, 3 * width, width);

    float[] scores = scores(new GeometricMedian(), units, cells);

    for (int a = 0; a < units; a++) {
      double sum = 0;
      for (int b = 0; b < units; b++) {
        double square = 0;
        for (int i = 0; i < width; i++) {
          square += Math.pow((double) cells[a * width + i] - cells[b * width + i], 2);
        }
        sum += Math.sqrt(square);
      }
      assertThat(scores[a]).isEqualTo((float) sum, within((float) (1e-6 * sum)));
      assertThat(scores[a]).isPositive();
    }
    assertThat(scores[3]).as("equal units tie").isEqualTo(scores[0]);
  }

  @Test
  void randomScoresAreOneForEachUnitAndOfTheSeed() {
    float[] cells = new float[600];
    float[] scores = seeded(new RandomStructured(), 1, 200, cells);
    assertThat(seeded(new RandomStructured(), 1, 200, cells)).isEqualTo(scores);
    assertThat(seeded(new RandomStructured(), 2, 200, cells)).isNotEqualTo(scores);
    double sum = 0;
    for (float score : scores) {
      assertThat(score).isBetween(0f, 1f);
      sum += score;
    }
    // The mean of 200 such has a standard deviation of 0.02.
    assertThat(sum / 200).isCloseTo(.5, within(.1));
  }

  @Test
  void scalesOfAllNormsBehindAUnitAreAveraged() throws IOException {
    Checkpoint model =
        with(
            with(with(open(TIED), "bn1.weight", 1, -4, 2), "bn3.weight", 3, .5f, -5),
            "bn2.weight",
            -2.1f,
            1.9f);

    Pruned pruned =
        Pruner.prune(
            model, pruning(TIED, new BatchNormScale(), new Amount.Count(2)), new RecordedContext());

    // Means of 2, 2.25, 3.5 against 2.1 and 1.9.
    assertThat(kept(pruned.checkpoint(), "bn1.weight")).isEqualTo("011");
    assertThat(kept(pruned.checkpoint(), "bn3.weight")).isEqualTo("011");
    assertThat(kept(pruned.checkpoint(), "bn2.weight")).isEqualTo("10");
  }

  @Test
  void unitsWithoutAScaleAreRefusedByName() {
    Architecture architecture =
        new Architecture(
            new Shape(1, 4, 4),
            List.of(
                new Conv2d("normed", 3, 1, 1, 0),
                new BatchNorm("bn"),
                new Conv2d("bare", 3, 1, 1, 0),
                new GlobalAvgPool2d("pool"),
                new Linear("fc", 2)));
    Amount half = new Amount.OfAll(.5);
    assertThat(pruning(architecture, new BatchNormScale(), half).faults(architecture))
        .containsExactly(
            "batch-norm-scale needs a gamma of every unit, and those of bare.weight have none;"
                + " exclude them, or use another method");
    assertThatThrownBy(() -> scores(new BatchNormScale(), 1, 1, 2))
        .hasMessage(
            "batch-norm-scale needs a gamma of every unit, and those of w have none;"
                + " exclude it");
  }

  @Test
  void theTaylorScoreIsTheMeanOfMagnitudesOfMeansOverPositions() {
    TaylorChannel.Outputs effect = TaylorChannel.Outputs.EFFECT;
    try (NDManager manager = NDManager.newBaseManager()) {
      // Two examples of two positions, two units; gradients are those of the mean of both losses.
      NDArray outputs = manager.create(new float[] {1, 2, 3, 4, -1, 1, 2, 0}, new Shape(4, 2));
      NDArray gradients = manager.create(new float[] {1, 1, -1, .5f, 2, 3, 1, 1}, new Shape(4, 2));
      // Unit 1: |1 - 3| and |-2 + 2|; unit 2: |2 + 2| and |3 + 0|; times 2 examples.
      NDArray total = effect.of(outputs, gradients, 2);
      assertThat(total.toFloatArray()).containsExactly(4, 14);
      Statistics seen =
          new Statistics() {
            @Override
            public NDArray total(Statistic statistic) {
              return total;
            }

            @Override
            public long count(Statistic statistic) {
              return 4;
            }
          };
      Weight weight =
          new Weight("w", Form.matrix(2, 1), manager.create(new Shape(2, 1)), Map.of(), 0);
      // Means over positions and examples: (1 · 2 / 2 + 0) and (2 · 4 / 2 + 2 · 3 / 2) / 2.
      assertThat(new TaylorChannel().scores(weight, seen).toFloatArray()).containsExactly(1, 3.5f);
    }
  }

  @Test
  void theTaylorScoreDoesNotDependOnHowExamplesAreBatched() {
    Architecture net =
        new Architecture(
            new Shape(1, 3, 3),
            List.of(
                new Conv2d("conv", 4, 2, 1, 0),
                new Relu("relu"),
                new GlobalAvgPool2d("pool"),
                new Linear("fc", 3)));
    Random random = new Random(8);
    float[][] inputs = new float[7][9];
    float[][] targets = new float[7][1];
    for (int i = 0; i < 7; i++) {
      for (int k = 0; k < 9; k++) {
        inputs[i][k] = (float) random.nextGaussian();
      }
      targets[i][0] = i % 3;
    }
    Task task = new Task.Classification(new Shape(1, 3, 3), 3);
    RecordedContext context = new RecordedContext(task, inputs, targets);

    assertThat(taylor(net, context, task, 3))
        .containsExactly(taylor(net, context, task, 1), within(1e-6f));
  }

  private static float[] taylor(Architecture net, RecordedContext context, Task task, int batch) {
    TaylorChannel method = new TaylorChannel();
    try (NDManager manager = NDManager.newBaseManager()) {
      Map<String, Statistics> statistics =
          Calibrator.gather(
              open(net),
              method.needs(),
              List.of("conv.weight"),
              new Calibration(7, batch),
              context.examples(),
              task,
              1,
              manager);
      NDArray matrix = open(net).parameter("conv.weight").in(manager).reshape(4, 4);
      Weight weight = new Weight("conv.weight", Form.matrix(4, 4), matrix, Map.of(), 0);
      return method.scores(weight, requireNonNull(statistics.get("conv.weight"))).toFloatArray();
    }
  }

  @Test
  void theTaylorScoreIsThatOfRemovingAUnitToFirstOrder() throws IOException {
    // One linear layer of two units into one output whose squared error is 2e · dL/dy: by hand,
    // z = (1, 2) with weights (3, 1) behind, y = 5, target 4: dL/dz = 2 · (3, 1), z · dL/dz = 6, 4.
    Architecture net =
        new Architecture(
            new Shape(1), List.of(new Linear("a", 2, false), new Linear("b", 1, false)));
    Checkpoint model =
        new Checkpoint(
            net,
            Map.of(
                "a.weight", Tensor.of(new Shape(2, 1), 1, 2),
                "b.weight", Tensor.of(new Shape(1, 2), 3, 1)));
    RecordedContext context =
        new RecordedContext(
            new Task.Regression(new Shape(1), 1), new float[][] {{1}}, new float[][] {{4}});

    Pruning below = pruning(net, new TaylorChannel(), new Amount.Below(5));

    assertThat(kept(Pruner.prune(model, below, context).checkpoint(), "a.weight")).isEqualTo("10");
    Pruning all = pruning(net, new TaylorChannel(), new Amount.Below(6.001));
    assertThat(kept(Pruner.prune(model, all, context).checkpoint(), "a.weight")).isEqualTo("00");
  }

  @Test
  void whatANormBehindAUnitMakesOfItCounts() throws IOException {
    // z = (1, 2), which the norm makes 2 (1 - 0) - 1 = 1 and 1 (2 - 2) + 3 = 3; y = 5 · 1 + 1 · 3.
    Architecture net =
        new Architecture(
            new Shape(1),
            List.of(
                new Linear("a", 2, false),
                new BatchNorm("bn", 1e-12, 0.1),
                new Linear("b", 1, false)));
    Checkpoint model =
        new Checkpoint(
            net,
            Map.of(
                "a.weight", Tensor.of(new Shape(2, 1), 1, 2),
                "bn.weight", Tensor.of(new Shape(2), 2, 1),
                "bn.bias", Tensor.of(new Shape(2), -1, 3),
                "bn.running_mean", Tensor.of(new Shape(2), 0, 2),
                "bn.running_var", Tensor.of(new Shape(2), 1, 1),
                "b.weight", Tensor.of(new Shape(1, 2), 5, 1)));
    // dL/dy = 2 (8 - 7.5) = 1: behind the norm 1 · 5 and 3 · 1; at z 1 · 10 and 2 · 1.
    RecordedContext context =
        new RecordedContext(
            new Task.Regression(new Shape(1), 1), new float[][] {{1}}, new float[][] {{7.5f}});
    TaylorChannel method = new TaylorChannel();

    Pruning most = pruning(net, method, new Amount.Below(4.999));
    Pruning all = pruning(net, method, new Amount.Below(5.001));
    Pruning alone =
        new Pruning(
            method,
            new Pattern(new Granularity.OutputUnits(false), new Scope.Layer()),
            Map.of("a.weight", new Amount.Below(9.999)));
    Pruning less = pruning(net, method, new Amount.Below(2.999));

    assertThat(kept(Pruner.prune(model, less, context).checkpoint(), "a.weight")).isEqualTo("11");
    assertThat(kept(Pruner.prune(model, most, context).checkpoint(), "a.weight")).isEqualTo("10");
    assertThat(kept(Pruner.prune(model, all, context).checkpoint(), "a.weight")).isEqualTo("00");
    assertThat(kept(Pruner.prune(model, alone, context).checkpoint(), "a.weight")).isEqualTo("10");
  }

  @Test
  void tiedUnitsHaveTheSumOfTheirTaylorScores() throws IOException {
    // y = b(a(x) + c(a(x))) with a, b, c of two units: z_a = (1, 2), c is diagonal (2, -1).
    Architecture net =
        new Architecture(
            new Shape(1),
            List.of(
                new Linear("a", 2, false),
                new Residual("add", List.of(new Linear("c", 2, false)), List.of()),
                new Linear("b", 1, false)));
    Checkpoint model =
        new Checkpoint(
            net,
            Map.of(
                "a.weight", Tensor.of(new Shape(2, 1), 1, 2),
                "c.weight", Tensor.of(new Shape(2, 2), 2, 0, 0, -1),
                "b.weight", Tensor.of(new Shape(1, 2), 1, 4)));
    // y = 3 · 1 + 0 · 4 = 3, target 2.5, dL/dy = 1. At c: gradient (1, 4), z (2, -2): 2 and 8.
    // At a: gradient (1 + 2, 4 - 4), z (1, 2): 3 and 0. Together 5 and 8.
    RecordedContext context =
        new RecordedContext(
            new Task.Regression(new Shape(1), 1), new float[][] {{1}}, new float[][] {{2.5f}});

    Pruning some = pruning(net, new TaylorChannel(), new Amount.Below(5.001));
    assertThat(some.faults(net)).isEmpty();
    Checkpoint pruned = Pruner.prune(model, some, context).checkpoint();
    assertThat(kept(pruned, "a.weight")).isEqualTo("01");
    assertThat(kept(pruned, "c.weight")).isEqualTo("0001");
    Pruning none = pruning(net, new TaylorChannel(), new Amount.Below(4.999));
    assertThat(kept(Pruner.prune(model, none, context).checkpoint(), "a.weight")).isEqualTo("11");
    Pruning all = pruning(net, new TaylorChannel(), new Amount.Below(8.001));
    assertThat(kept(Pruner.prune(model, all, context).checkpoint(), "a.weight")).isEqualTo("00");
  }

  @Test
  void allAreListedAndRefusedForSingleWeights() {
    TreeSet<String> listed = new TreeSet<>();
    Map<String, Amount> amounts = Map.of("stem.weight", new Amount.OfAll(.5));
    for (PruningMethod method : ServiceLoader.load(PruningMethod.class)) {
      listed.add(method.name());
      assertThat(method.description()).contains("Scores a unit");
      Pattern cells = new Pattern(new Granularity.Element(), new Scope.Layer());
      assertThat(new Pruning(method, cells, amounts).faults(TIED))
          .as(method.name())
          .contains(
              "%s scores whole units, and granularity Element[] has none; write granularity:"
                      .formatted(method.name())
                  + " output-units");
    }
    assertThat(listed)
        .containsExactly(
            "batch-norm-scale",
            "geometric-median",
            "ln-structured",
            "random-structured",
            "taylor-channel");
  }
}

package io.secateur.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.builtin.ConstantSchedule;
import io.secateur.builtin.Loss;
import io.secateur.builtin.PolynomialSchedule;
import io.secateur.calibrate.Calibration;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Initialisation;
import io.secateur.model.Linear;
import io.secateur.model.TrainingState;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Mask;
import io.secateur.sparsity.Scope;
import io.secateur.spi.Point;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.Schedule;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;
import io.secateur.train.BestEpoch;
import io.secateur.train.EarlyStop;
import io.secateur.train.LearningRate;
import io.secateur.train.Optimizer;
import io.secateur.train.Toys;
import io.secateur.train.TrainingLoss;
import io.secateur.train.Watch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class GradualPruningTest {
  private static final Optimizer ADAM =
      new Optimizer.Adam(LearningRate.of(0.02), 0.9, 0.99, 1e-8, 0.01);

  private static final When START = new When.Fraction(0);

  private final Toys.Context context = new Toys.Context();

  private record Magnitude() implements ScoringMethod {
    @Override
    public String name() {
      return "magnitude";
    }

    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      return weight.matrix().abs();
    }
  }

  /** Keeps what the training's steps sum. */
  private enum Steps implements Statistic.OfTraining {
    COUNT {
      @Override
      public NDArray of(NDArray weight, NDArray gradient) {
        return weight.onesLike();
      }
    },
    PRODUCT {
      @Override
      public NDArray of(NDArray weight, NDArray gradient) {
        return weight.mul(gradient);
      }
    }
  }

  /** Prunes what training drives towards 0, and looks at what it was given. */
  private record Moving() implements ScoringMethod {
    @Override
    public String name() {
      return "moving";
    }

    @Override
    public Set<Statistic> needs() {
      return Set.of(Steps.COUNT, Steps.PRODUCT, Statistic.Gradients.ABSOLUTE);
    }

    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      NDArray counts = statistics.total(Steps.COUNT);
      assertThat(counts.toFloatArray()).containsOnly((float) statistics.count(Steps.COUNT));
      assertThat(statistics.total(Statistic.Gradients.ABSOLUTE).getShape())
          .isEqualTo(weight.matrix().getShape());
      return statistics.total(Steps.PRODUCT).neg();
    }
  }

  private static GradualPruning gradual(
      PruningMethod method,
      Schedule schedule,
      double target,
      When begin,
      When end,
      Frequency often) {
    return new GradualPruning(
        Optional.of(method),
        new Granularity.Element(),
        new Scope.Layer(),
        Optional.of(new Amount.OfAll(target)),
        Map.of(),
        List.of(),
        List.of(),
        schedule,
        new Calibration(20, 10),
        begin,
        end,
        often);
  }

  private static Train train(int epochs, GradualPruning pruning) {
    return train(epochs, pruning, Optional.empty(), Optional.empty());
  }

  private static Train train(
      int epochs, GradualPruning pruning, Optional<EarlyStop> stop, Optional<BestEpoch> best) {
    return new Train(
        epochs,
        ADAM,
        8,
        Optional.empty(),
        TrainingLoss.TASK,
        new Watch(),
        stop,
        best,
        Optional.of(pruning));
  }

  @Test
  @Tag("engine")
  void sparsityFollowsItsScheduleStepByStep() throws IOException {
    // Shared vectors, "schedules": tfmot_polynomial(.2,.8,100,110,power3).
    double[] vectors = {
      0.2, 0.3626, 0.4928, 0.5942, 0.6704, 0.725, 0.7616, 0.7838, 0.7952, 0.7994, 0.8
    };
    Architecture wide =
        new Architecture(new Shape(6), List.of(new Linear("a", 500), new Linear("b", 3)));
    Checkpoint model = new Checkpoint(wide, wide.initialise(Initialisation.PYTORCH, 1));
    GradualPruning pruning =
        gradual(
            new Magnitude(),
            new PolynomialSchedule(0.2, 3),
            0.8,
            new When.Step(100),
            new When.Step(110),
            new Frequency.Steps(1));

    Checkpoint trained = train(16, pruning).run(model, context);

    List<String> said = context.lines.stream().filter(line -> line.startsWith("step ")).toList();
    assertThat(said).hasSize(11);
    for (int i = 0; i <= 10; i++) {
      String[] words = said.get(i).replace(",", "").split(" +", -1);
      assertThat(words[1]).isEqualTo(Integer.toString(100 + i));
      double achieved = Double.parseDouble(words[3]) / Double.parseDouble(words[5]);
      // Vectors have four digits, and 4,500 weights no more.
      assertThat(achieved).isCloseTo(vectors[i], within(3e-4));
    }
    assertThat(trained.mask("a.weight").pruned()).isEqualTo(2400);
  }

  @Test
  @Tag("engine")
  void masksAreNestedHoldInTrainingAndAreFrozenAfterTheEnd() throws IOException {
    List<Long> moments = List.of(3L, 8L, 13L, 20L);
    Train train =
        train(
            4,
            gradual(
                new Magnitude(),
                new PolynomialSchedule(),
                0.75,
                START,
                new When.Fraction(0.5),
                new Frequency.Steps(5)));
    Mask before = Mask.dense(Toys.NETWORK.parameter("hidden.weight").form());
    List<Long> counts = new ArrayList<>();
    for (long moment : moments) {
      Checkpoint at = train.until(moment).run(Toys.dense(1), new Toys.Context());
      Mask mask = at.mask("hidden.weight");
      for (long cell = 0; cell < 48; cell++) {
        assertThat(before.keeps(cell) || !mask.keeps(cell)).isTrue();
        if (!mask.keeps(cell)) {
          assertThat(at.parameter("hidden.weight").toFloats()[(int) cell]).isZero();
          for (float[] slot : slots(at)) {
            assertThat(slot[(int) cell]).isZero();
          }
        }
      }
      counts.add(mask.pruned());
      before = mask;
    }

    // 28 steps; updates at 0, 5, 10 and, being the end, 14.
    assertThat(counts.get(0)).isZero();
    assertThat(counts.get(1)).isBetween(1L, 35L);
    assertThat(counts.get(3)).isEqualTo(36);
    assertThat(train.run(Toys.dense(1), context).mask("hidden.weight")).isEqualTo(before);
  }

  private static List<float[]> slots(Checkpoint at) {
    List<float[]> slots = new ArrayList<>();
    at.training()
        .orElseThrow()
        .optimizer()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith("hidden.weight/")) {
                slots.add(tensor.toFloats());
              }
            });
    return slots;
  }

  @Test
  @Tag("engine")
  void cuttingItAnywhereChangesNoBit() throws IOException {
    for (PruningMethod method : List.of(new Magnitude(), new Moving())) {
      Train train =
          train(
              3,
              gradual(
                  method,
                  new PolynomialSchedule(),
                  0.6,
                  START,
                  new When.Epoch(2),
                  new Frequency.Steps(4)),
              Optional.empty(),
              Optional.of(new BestEpoch()));
      Toys.Context straight = new Toys.Context();
      Checkpoint whole = train.run(Toys.dense(1), straight);
      for (List<Long> cuts : List.of(List.of(4L), List.of(1L, 12L, 14L), List.of(15L, 20L))) {
        Checkpoint pieced = Toys.dense(1);
        for (long cut : cuts) {
          pieced = train.until(cut).run(pieced, new Toys.Context());
        }
        Toys.Context last = new Toys.Context();

        assertThat(train.run(pieced, last)).as("%s cut at %s", method, cuts).isEqualTo(whole);
        assertThat(last.rows).isEqualTo(straight.rows);
      }
    }
  }

  @Test
  @Tag("engine")
  void recordsWhatIsPrunedEpochByEpochAndInTheEnd() throws IOException {
    GradualPruning everyEpoch =
        gradual(
            new Magnitude(),
            new PolynomialSchedule(0, 1),
            0.5,
            START,
            new When.Epoch(2),
            new Frequency.Epoch());

    train(3, everyEpoch).run(Toys.dense(1), context);

    assertThat(context.rows)
        .filteredOn(row -> Set.of("pruned", "requested", "weights").contains(row.metric()))
        .filteredOn(row -> row.layer().isEmpty())
        .containsExactly(
            new Stage.Row("requested", 25, "", "", 1, "%"),
            new Stage.Row("pruned", 18, "", "", 1, ""),
            new Stage.Row("requested", 50, "", "", 2, "%"),
            new Stage.Row("pruned", 36, "", "", 2, ""),
            new Stage.Row("requested", 50, "", "", 0, "%"),
            new Stage.Row("pruned", 36, "", "", 0, ""),
            new Stage.Row("weights", 72, "", "", 0, ""));
    assertThat(context.lines)
        .filteredOn(line -> line.startsWith("step "))
        .containsExactly("step 7  pruned 18 / 72 (25.00 %)", "step 14  pruned 36 / 72 (50.00 %)");
  }

  @Test
  @Tag("engine")
  void afterTrainingIsAMomentToo() throws IOException {
    When end = new When.Fraction(1);
    Checkpoint pruned =
        train(
                1,
                gradual(new Moving(), new ConstantSchedule(), 0.5, end, end, new Frequency.Epoch()))
            .run(Toys.dense(1), context);

    assertThat(pruned.mask("hidden.weight").pruned()).isEqualTo(24);
    assertThat(pruned.training().orElseThrow().over()).isTrue();
    assertThat(context.lines).endsWith("step 7  pruned 36 / 72 (50.00 %)");
  }

  @Test
  @Tag("engine")
  void theBestEpochIsOneAfterThePruning() throws IOException {
    Train train =
        train(
            4,
            gradual(
                new Magnitude(),
                new ConstantSchedule(),
                0.9,
                new When.Epoch(2),
                new When.Epoch(2),
                new Frequency.Epoch()),
            Optional.empty(),
            Optional.of(new BestEpoch()));

    Checkpoint trained = train.run(Toys.dense(1), context);

    assertThat(context.rows)
        .filteredOn(row -> row.metric().equals("kept-epoch"))
        .singleElement()
        .satisfies(row -> assertThat(row.value()).isGreaterThan(2));
    Mask mask = trained.mask("hidden.weight");
    float[] weights = trained.parameter("hidden.weight").toFloats();
    for (int cell = 0; cell < weights.length; cell++) {
      assertThat(mask.keeps(cell) || weights[cell] == 0).isTrue();
    }
  }

  @Test
  @Tag("engine")
  void patienceBeginsAfterThePruning() throws IOException {
    // Nothing improves by so much: it would end after the second epoch.
    EarlyStop hasty = new EarlyStop(new Loss(), Split.TEST, 1, 100);
    GradualPruning pruning =
        gradual(
            new Magnitude(),
            new PolynomialSchedule(),
            0.5,
            START,
            new When.Epoch(3),
            new Frequency.Epoch());

    Checkpoint trained =
        train(10, pruning, Optional.of(hasty), Optional.empty()).run(Toys.dense(1), context);

    assertThat(context.rows).contains(new Stage.Row("epochs-run", 5, "", "", 0, ""));
    assertThat(trained.mask("hidden.weight").pruned()).isEqualTo(24);
  }

  @Test
  @Tag("engine")
  void sumsOfStepsLeaveNoArraysBehind() throws IOException {
    List<Integer> live = new ArrayList<>();
    Statistic.OfTraining watching =
        new Statistic.OfTraining() {
          @Override
          public NDArray of(NDArray weight, NDArray gradient) {
            NDManager root = weight.getManager();
            while (root.getParentManager().getParentManager() != null) {
              root = root.getParentManager();
            }
            live.add(((BaseNDManager) root).getManagedArrays().size());
            return weight.mul(gradient).abs();
          }

          @Override
          public String toString() {
            return "watching";
          }
        };
    When end = new When.Fraction(1);
    GradualPruning pruning =
        gradual(
            new Summing(watching), new ConstantSchedule(), 0.5, end, end, new Frequency.Epoch());

    train(3, pruning).run(Toys.dense(1), context);

    // Two weights in each of 21 steps; the first steps settle what the gradients need.
    assertThat(live).hasSize(42);
    assertThat(live.get(41)).isEqualTo(live.get(9));
  }

  /** Scores by the sum of a statistic. */
  private record Summing(Statistic.OfTraining statistic) implements ScoringMethod {
    @Override
    public String name() {
      return "summing";
    }

    @Override
    public Set<Statistic> needs() {
      return Set.of(statistic);
    }

    @Override
    public NDArray scores(Weight weight, Statistics statistics) {
      return statistics.total(statistic);
    }
  }

  @Test
  @Tag("engine")
  void fineTuningPrunesByWhatItsStepsSay() throws IOException {
    GradualPruning moving =
        gradual(
            new Moving(),
            new PolynomialSchedule(),
            0.5,
            START,
            new When.Fraction(0.5),
            new Frequency.Steps(100));
    FineTune tune =
        new FineTune(
            2,
            ADAM,
            8,
            Optional.empty(),
            TrainingLoss.TASK,
            new Watch(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(moving));

    Checkpoint tuned = tune.run(Toys.dense(1), context);

    assertThat(tuned.mask("hidden.weight").pruned()).isEqualTo(24);
    assertThat(tuned.mask("out.weight").pruned()).isEqualTo(12);
  }

  @Test
  void aMethodThatNeedsATrainingIsRefusedOutsideOne() {
    Prune plain =
        new Prune(
            Optional.of(new Moving()),
            new Granularity.Element(),
            new Scope.Global(),
            Optional.of(new Amount.OfAll(0.5)),
            Map.of(),
            List.of(),
            List.of(),
            Optional.empty(),
            new Calibration());

    assertThat(plain.faults(Toys.NETWORK, Toys.TASK))
        .containsExactly(
            "moving needs the steps of a training: write finetune: {prune: {method: moving, amount:"
                + " 0.5}}");
  }

  @Test
  void faultsAreFoundWhenPlanning() {
    When end = new When.Fraction(1);
    Frequency often = new Frequency.Steps(10);
    Train noStep = train(2, gradual(new Moving(), new ConstantSchedule(), 0.5, START, end, often));
    Train beyond =
        train(
            2,
            gradual(
                new Magnitude(), new PolynomialSchedule(), 0.5, START, new When.Epoch(3), often));
    Train tooLate =
        train(
            2,
            gradual(new Magnitude(), new PolynomialSchedule(), 0.5, START, end, often),
            Optional.of(new EarlyStop()),
            Optional.empty());

    assertThat(noStep.faults(Toys.NETWORK, Toys.TASK))
        .containsExactly(
            "moving needs steps of the training before it prunes, and schedule constant prunes"
                + " before the first; set begin to a later moment, such as 0.1");
    assertThat(beyond.faults(Toys.NETWORK, Toys.TASK))
        .containsExactly("pruning to epoch 3 lies beyond the 2 epochs of the training");
    assertThat(tooLate.faults(Toys.NETWORK, Toys.TASK))
        .containsExactly(
            "stop and best look at the epochs after the pruning, and it ends with the training; set"
                + " its end to an earlier moment, such as 0.5");
    assertThat(train(2, new GradualPruning()).faults(Toys.NETWORK, Toys.TASK))
        .containsExactly(
            "prune needs a method, as in prune: {method: l1, amount: 0.5}",
            "prune needs an amount, as in prune: {method: l1, amount: 0.5}");
  }

  @Test
  void aPlanForeseesWhatWillBePruned() {
    Train train =
        train(
            2,
            gradual(
                new Magnitude(),
                new PolynomialSchedule(),
                0.5,
                START,
                new When.Fraction(0.5),
                new Frequency.Steps(10)));
    Map<String, Long> dense = Map.of("hidden.weight", 0L, "out.weight", 0L);

    assertThat(train.foresee(Toys.NETWORK, dense))
        .isEqualTo(Map.of("hidden.weight", 24L, "out.weight", 12L));
    assertThat(train.until(3).foresee(Toys.NETWORK, dense))
        .isEqualTo(train.foresee(Toys.NETWORK, dense));
  }

  @Test
  void updatesComeAtTheirStepsAndAtTheEnd() {
    GradualPruning pruning =
        gradual(
            new Magnitude(),
            new PolynomialSchedule(),
            0.5,
            new When.Fraction(0.1),
            new When.Fraction(0.8),
            new Frequency.Steps(30));

    assertThat(pruning.updates(10, 100)).containsExactly(10L, 40L, 70L, 80L);
    assertThat(pruning.progress(45, 10, 100)).isEqualTo(0.5);
    assertThat(new Frequency.Epoch().between(0, 25, 10)).containsExactly(10L, 20L);
    assertThat(new Frequency.Epoch().between(11, 30, 10)).containsExactly(20L, 30L);
  }

  @Test
  void momentsAndFrequenciesThatCannotBeAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> When.of(200))
        .withMessage(
            "a plain number is a fraction of the training, from 0 to 1, was 200.0; write {step: 200}"
                + " or {epoch: 3} for what they mean");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new When.Step(-1))
        .withMessage("the step of a moment in a training is at least 0, was -1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Frequency.of(0))
        .withMessage("a frequency is at least 1 optimiser step, was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Frequency.of(0.5))
        .withMessage("a frequency is a whole number of optimiser steps, or epoch, was 0.5");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                gradual(
                    new Magnitude(),
                    new PolynomialSchedule(),
                    0.5,
                    new When.Fraction(0.5),
                    new When.Fraction(0.2),
                    new Frequency.Epoch()))
        .withMessage("pruning cannot end at 0.2 of the training before it begins at 0.5");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                gradual(
                        new Magnitude(),
                        new PolynomialSchedule(),
                        0.5,
                        START,
                        new When.Step(200),
                        new Frequency.Epoch())
                    .updates(10, 100))
        .withMessage("pruning from step 0 to step 200 does not fit a training of 100 steps");
  }

  @Test
  @Tag("engine")
  void aRewindMasksSumsAndForgetsTheBestOfAnotherNetwork() throws IOException {
    Train train =
        train(
            4,
            gradual(
                new Moving(),
                new PolynomialSchedule(),
                0.5,
                START,
                new When.Epoch(1),
                new Frequency.Epoch()),
            Optional.empty(),
            Optional.of(new BestEpoch(Optional.empty(), Split.TEST)));
    Checkpoint at16 = train.until(16).run(Toys.dense(1), new Toys.Context());
    context.past.put(new Point.Step(16), at16);
    Checkpoint pruned = Toys.pruned(at16, 3);

    TrainingState rewound =
        new Rewind(new RewindTo.Step(16)).run(pruned, context).training().orElseThrow();

    assertThat(at16.training().orElseThrow().optimizer())
        .containsKeys("hidden.weight/best", "hidden.weight/COUNT", "hidden.weight/m");
    assertThat(rewound.optimizer())
        .containsKeys("hidden.weight/COUNT", "hidden.weight/m")
        .doesNotContainKeys("hidden.weight/best", "epoch/best");
    Mask mask = pruned.mask("hidden.weight");
    float[] counts =
        Objects.requireNonNull(rewound.optimizer().get("hidden.weight/COUNT")).toFloats();
    for (int cell = 0; cell < counts.length; cell++) {
      assertThat(counts[cell]).isEqualTo(mask.keeps(cell) ? 16 : 0);
    }
  }
}

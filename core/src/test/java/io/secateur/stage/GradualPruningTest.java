package io.secateur.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.builtin.ConstantSchedule;
import io.secateur.builtin.Loss;
import io.secateur.builtin.PolynomialSchedule;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Initialisation;
import io.secateur.model.Linear;
import io.secateur.model.TrainingState;
import io.secateur.sparsity.Mask;
import io.secateur.spi.Point;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;
import io.secateur.train.BestEpoch;
import io.secateur.train.EarlyStop;
import io.secateur.train.Toys;
import io.secateur.train.TrainingLoss;
import io.secateur.train.Watch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class GradualPruningTest {
  private final Toys.Context context = new Toys.Context();

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
        Gradual.gradual(
            new Gradual.Magnitude(),
            new PolynomialSchedule(0.2, 3),
            0.8,
            new When.Step(100),
            new When.Step(110),
            new Frequency.Steps(1));

    Checkpoint trained = Gradual.train(16, pruning).run(model, context);

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
        Gradual.train(
            4,
            Gradual.gradual(
                new Gradual.Magnitude(),
                new PolynomialSchedule(),
                0.75,
                Gradual.START,
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
    for (PruningMethod method : List.of(new Gradual.Magnitude(), new Gradual.Moving())) {
      Train train =
          Gradual.train(
              3,
              Gradual.gradual(
                  method,
                  new PolynomialSchedule(),
                  0.6,
                  Gradual.START,
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
        Gradual.gradual(
            new Gradual.Magnitude(),
            new PolynomialSchedule(0, 1),
            0.5,
            Gradual.START,
            new When.Epoch(2),
            new Frequency.Epoch());

    Gradual.train(3, everyEpoch).run(Toys.dense(1), context);

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
        Gradual.train(
                1,
                Gradual.gradual(
                    new Gradual.Moving(),
                    new ConstantSchedule(),
                    0.5,
                    end,
                    end,
                    new Frequency.Epoch()))
            .run(Toys.dense(1), context);

    assertThat(pruned.mask("hidden.weight").pruned()).isEqualTo(24);
    assertThat(pruned.training().orElseThrow().over()).isTrue();
    assertThat(context.lines).endsWith("step 7  pruned 36 / 72 (50.00 %)");
  }

  @Test
  @Tag("engine")
  void theBestEpochIsOneAfterThePruning() throws IOException {
    Train train =
        Gradual.train(
            4,
            Gradual.gradual(
                new Gradual.Magnitude(),
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
        Gradual.gradual(
            new Gradual.Magnitude(),
            new PolynomialSchedule(),
            0.5,
            Gradual.START,
            new When.Epoch(3),
            new Frequency.Epoch());

    Checkpoint trained =
        Gradual.train(10, pruning, Optional.of(hasty), Optional.empty())
            .run(Toys.dense(1), context);

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
        Gradual.gradual(
            new Summing(watching), new ConstantSchedule(), 0.5, end, end, new Frequency.Epoch());

    Gradual.train(3, pruning).run(Toys.dense(1), context);

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
        Gradual.gradual(
            new Gradual.Moving(),
            new PolynomialSchedule(),
            0.5,
            Gradual.START,
            new When.Fraction(0.5),
            new Frequency.Steps(100));
    FineTune tune =
        new FineTune(
            2,
            Gradual.ADAM,
            8,
            Optional.empty(),
            TrainingLoss.TASK,
            new Watch(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(moving),
            Optional.empty());

    Checkpoint tuned = tune.run(Toys.dense(1), context);

    assertThat(tuned.mask("hidden.weight").pruned()).isEqualTo(24);
    assertThat(tuned.mask("out.weight").pruned()).isEqualTo(12);
  }

  @Test
  @Tag("engine")
  void aRewindMasksSumsAndForgetsTheBestOfAnotherNetwork() throws IOException {
    Train train =
        Gradual.train(
            4,
            Gradual.gradual(
                new Gradual.Moving(),
                new PolynomialSchedule(),
                0.5,
                Gradual.START,
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

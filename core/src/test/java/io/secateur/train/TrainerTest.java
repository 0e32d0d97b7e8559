package io.secateur.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.BaseNDManager;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.secateur.model.Checkpoint;
import io.secateur.model.Tensor;
import io.secateur.model.TrainingState;
import io.secateur.sparsity.Mask;
import io.secateur.spi.Examples;
import io.secateur.spi.Point;
import io.secateur.spi.Stage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class TrainerTest {
  private static final Optimizer ADAM =
      new Optimizer.Adam(LearningRate.of(0.02), 0.9, 0.99, 1e-8, 0.01);
  private static final Optimizer SGD =
      new Optimizer.Sgd(new LearningRate.Step(0.1, 1, 0.5), 0.9, 0.05, false);
  private static final OptionalLong END = OptionalLong.empty();

  private final Toys.Context context = new Toys.Context();

  @Test
  void cuttingATrainingAnywhereChangesNoBit() throws IOException {
    for (Optimizer optimizer : List.of(ADAM, SGD)) {
      // 50 examples in batches of 8: 7 steps an epoch, the last one short.
      Trainer trainer = new Trainer(3, optimizer, 8);
      Checkpoint start = Toys.pruned(Toys.dense(3), 4);
      Toys.Context straight = new Toys.Context();
      Checkpoint whole = trainer.train(start, END, 9, straight);
      for (List<Long> cuts : List.of(List.of(0L, 1L), List.of(7L), List.of(3L, 9L, 14L, 20L))) {
        Toys.Context last = new Toys.Context();
        Checkpoint pieced = start;
        for (long cut : cuts) {
          pieced = trainer.train(pieced, OptionalLong.of(cut), 9, new Toys.Context());
        }
        pieced = trainer.train(pieced, END, 9, last);

        assertThat(pieced).as("%s cut at %s", optimizer, cuts).isEqualTo(whole);
        assertThat(last.rows).isEqualTo(straight.rows);
      }
    }
  }

  @Test
  void aCutKeepsTheOptimisersStateBitForBit() throws IOException {
    for (Optimizer optimizer : List.of(ADAM, SGD)) {
      Trainer trainer = new Trainer(3, optimizer, 8);
      Checkpoint start = Toys.pruned(Toys.dense(3), 4);
      Checkpoint at11 = trainer.train(start, OptionalLong.of(11), 9, context);
      Checkpoint at4 = trainer.train(start, OptionalLong.of(4), 9, context);

      Checkpoint then11 = trainer.train(at4, OptionalLong.of(11), 9, context);

      assertThat(then11).isEqualTo(at11);
      assertThat(at11.training().orElseThrow().optimizer()).isNotEmpty();
      assertThat(at11.training().orElseThrow().step()).isEqualTo(11);
    }
  }

  @Test
  void atItsEndTheOptimisersTensorsAreDropped() throws IOException {
    Checkpoint trained = new Trainer(2, ADAM, 8).train(Toys.dense(1), END, 9, context);

    TrainingState state = trained.training().orElseThrow();
    assertThat(state.over()).isTrue();
    assertThat(state.step()).isEqualTo(14);
    assertThat(state.optimizer()).isEmpty();
    assertThat(state.history()).hasSize(2);
  }

  @Test
  void aTrainingThatIsOverOrOfAnotherLengthStartsAfresh() throws IOException {
    Trainer trainer = new Trainer(1, ADAM, 8);
    Checkpoint dense = Toys.dense(1);
    Checkpoint fresh = trainer.train(dense, END, 9, context);
    for (TrainingState other :
        List.of(
            new TrainingState(7, 7, Map.of(), List.of()),
            new TrainingState(3, 99, Map.of(), List.of()))) {
      assertThat(trainer.train(dense.withTraining(Optional.of(other)), END, 9, context))
          .isEqualTo(fresh);
    }
  }

  @Test
  void prunedWeightsStayZeroWithMomentumAndDecay() throws IOException {
    for (Optimizer optimizer : List.of(ADAM, SGD)) {
      Checkpoint start = Toys.pruned(Toys.dense(5), 6);
      Checkpoint cut = new Trainer(2, optimizer, 8).train(start, OptionalLong.of(10), 9, context);

      assertThat(cut.masks()).isEqualTo(start.masks());
      start
          .masks()
          .forEach(
              (name, mask) -> {
                assertThat(mask.pruned()).isPositive();
                zeroWherePruned(cut.parameter(name), mask);
                cut.training()
                    .orElseThrow()
                    .optimizer()
                    .forEach(
                        (slot, tensor) -> {
                          if (slot.startsWith(name)) {
                            zeroWherePruned(tensor, mask);
                          }
                        });
              });
      assertThat(cut.parameter("hidden.weight")).isNotEqualTo(start.parameter("hidden.weight"));
    }
  }

  @Test
  void revivedWeightsAreCountedEveryEpochAndAreNone() throws IOException {
    new Trainer(3, SGD, 8).train(Toys.pruned(Toys.dense(5), 6), END, 9, context);

    assertThat(context.rows)
        .filteredOn(row -> row.metric().equals("revived"))
        .containsExactly(
            new Stage.Row("revived", 0, "", "", 1, ""),
            new Stage.Row("revived", 0, "", "", 2, ""),
            new Stage.Row("revived", 0, "", "", 3, ""));
  }

  @Test
  void theCountOfRevivedWeightsSeesThem() {
    Checkpoint pruned = Toys.pruned(Toys.dense(5), 6);
    Mask mask = pruned.mask("out.weight");
    try (NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch")) {
      Map<String, NDArray> arrays =
          pruned.architecture().block(pruned.parameters(), manager).arrays();
      assertThat(Revived.count(arrays, pruned.masks())).isZero();

      // Every weight of the layer, kept ones too: only the pruned ones have come back.
      arrays.forEach(
          (name, array) -> {
            if (name.equals("out.weight")) {
              array.addi(1);
            }
          });

      assertThat(Revived.count(arrays, pruned.masks())).isEqualTo(mask.pruned());
    }
  }

  @Test
  void everyEpochIsRecordedAndSaid() throws IOException {
    new Trainer(2, ADAM, 8).train(Toys.dense(1), END, 9, context);

    assertThat(context.lines).hasSize(2);
    assertThat(context.lines.get(1))
        .matches(
            "epoch 2/2  loss \\d\\.\\d{4}  accuracy \\d+\\.\\d\\d % \\(test\\)"
                + "  best \\d+\\.\\d\\d % \\(epoch [12]\\)  revived 0");
    assertThat(context.rows)
        .extracting(row -> row.metric() + " " + row.split() + " " + row.epoch())
        .containsExactly(
            "loss train 1",
            "accuracy test 1",
            "revived  1",
            "loss train 2",
            "accuracy test 2",
            "revived  2");
  }

  @Test
  void learnsToTellClassesApart() throws IOException {
    Toys.Context larger = new Toys.Context(Toys.examples(300, 1), Toys.examples(300, 2));
    new Trainer(10, ADAM, 10).train(Toys.dense(1), END, 9, larger);

    List<Stage.Row> accuracies =
        larger.rows.stream().filter(row -> row.metric().equals("accuracy")).toList();
    assertThat(accuracies.get(9).value()).isGreaterThan(75);
  }

  @Test
  void seedsDecideTheResult() throws IOException {
    Trainer trainer = new Trainer(1, ADAM, 8);

    assertThat(trainer.train(Toys.dense(1), END, 10, context))
        .isNotEqualTo(trainer.train(Toys.dense(1), END, 9, context));
  }

  @Test
  void trainsOnAThreadOfItsOwnToo() throws Exception {
    Trainer trainer = new Trainer(1, SGD, 8);
    Checkpoint here = trainer.train(Toys.dense(1), END, 9, context);
    List<Checkpoint> there = new ArrayList<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                there.add(trainer.train(Toys.dense(1), END, 9, new Toys.Context()));
              } catch (IOException failure) {
                throw new java.io.UncheckedIOException(failure);
              }
            });
    thread.start();
    thread.join();

    assertThat(there).containsExactly(here);
  }

  @Test
  void stepsLeaveNoArraysBehind() throws IOException {
    List<Integer> live = new ArrayList<>();
    Toys.Context watching =
        new Toys.Context(watched(Toys.examples(50, 1), live), Toys.examples(30, 2));
    watching.past.put(new Point.Init(), Toys.dense(5));
    Checkpoint start = Toys.pruned(Toys.dense(1), 2);
    new Trainer(3, ADAM, 8).train(start, END, 9, watching);
    steady(live);
    live.clear();
    new Trainer(3, ADAM, 8)
        .train(start, END, 9, watching, Interlude.NONE, Optional.of(new Distil()));
    steady(live);
  }

  private static void steady(List<Integer> live) {
    // Counted in every batch; the first steps settle what the gradients need.
    assertThat(live).hasSize(21);
    assertThat(live.subList(2, 21)).containsOnly(live.get(2));
  }

  private static Examples watched(Examples examples, List<Integer> live) {
    return new Examples() {
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
  }

  @Test
  void aDivergingTrainingEndsWithOneLine() {
    Trainer trainer = new Trainer(5, new Optimizer.Sgd(LearningRate.of(1e9), 0, 0, false), 8);

    assertThatThrownBy(() -> trainer.train(Toys.dense(1), END, 9, context))
        .isInstanceOf(DivergedException.class)
        .hasMessageMatching(
            "training diverged in epoch \\d at step \\d+: the loss is (NaN|Infinity);"
                + " try a smaller learning rate than 1.0E9");
  }

  @Test
  void refusesToStopWhereItHasAlreadyBeen() throws IOException {
    Trainer trainer = new Trainer(2, ADAM, 8);
    Checkpoint at5 = trainer.train(Toys.dense(1), OptionalLong.of(5), 9, context);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> trainer.train(at5, OptionalLong.of(4), 9, context))
        .withMessage("a training of 14 steps that has done 5 cannot stop after 4");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> trainer.train(at5, OptionalLong.of(15), 9, context));
  }

  @Test
  void refusesADataSetWithoutTrainingExamples() {
    Toys.Context empty = new Toys.Context(Toys.examples(0, 1), Toys.examples(3, 1));

    assertThatExceptionOfType(IllegalArgumentException.class)
        .isThrownBy(() -> new Trainer(1, ADAM, 8).train(Toys.dense(1), END, 9, empty))
        .withMessage("the data set has no training examples");
  }

  private static void zeroWherePruned(Tensor tensor, Mask mask) {
    float[] values = tensor.toFloats();
    for (int i = 0; i < values.length; i++) {
      if (!mask.keeps(i)) {
        assertThat(Float.floatToRawIntBits(values[i])).isZero();
      }
    }
  }
}

package io.secateur.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.secateur.builtin.Accuracy;
import io.secateur.builtin.Loss;
import io.secateur.builtin.Sparsity;
import io.secateur.model.Checkpoint;
import io.secateur.model.TrainingState;
import io.secateur.spi.Metric;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Trainings that end early, and trainings that return their best epoch. */
class EarlyEndTest {
  private static final OptionalLong END = OptionalLong.empty();
  private static final Optimizer ADAM =
      new Optimizer.Adam(LearningRate.of(0.05), 0.9, 0.99, 1e-8, 0);

  private final Toys.Context context = new Toys.Context();

  private static Trainer trainer(
      int epochs, Optimizer optimizer, @Nullable EarlyStop stop, @Nullable BestEpoch best) {
    return new Trainer(
        epochs,
        Optional.empty(),
        optimizer,
        8,
        TrainingLoss.TASK,
        new Watch(),
        Optional.ofNullable(stop),
        Optional.ofNullable(best));
  }

  /** No epoch improves by as much as is asked: it ends after the first and its patience. */
  private static Trainer impatient(int epochs) {
    return trainer(
        epochs,
        ADAM,
        new EarlyStop(new Loss(), Split.VALIDATION, 2, 100),
        new BestEpoch(Optional.empty(), Split.TEST));
  }

  private static Stopping stopping(int patience, double least, Settled settled) {
    Metric.OfPredictions loss = new Loss();
    return new Stopping(
        new EarlyStop(loss, Split.VALIDATION, patience, least),
        new Watched(Split.VALIDATION, loss),
        settled);
  }

  private static List<TrainingState.Epoch> losses(double... losses) {
    List<TrainingState.Epoch> epochs = new ArrayList<>();
    for (double loss : losses) {
      epochs.add(new TrainingState.Epoch(epochs.size() + 1, Map.of("validation loss", loss)));
    }
    return epochs;
  }

  @Test
  void patienceRunsOutAfterAsManyEpochsWithoutABetterOne() {
    Stopping stopping = stopping(2, 0, new Settled(0, 10));

    assertThat(stopping.verdict(losses(3, 2, 2))).isEmpty();
    assertThat(stopping.verdict(losses(3, 2, 2, 2)).map(TrainingState.Epoch::epoch)).contains(2);
    assertThat(stopping.verdict(losses(3, 2, 2, 1, 5))).isEmpty();
  }

  @Test
  void smallImprovementsDoNotCount() {
    Stopping stopping = stopping(2, 0.5, new Settled(0, 10));

    assertThat(stopping.verdict(losses(3, 2.75, 2.5))).isEmpty();
    assertThat(stopping.verdict(losses(3, 2.75, 2.625))).isPresent();
  }

  @Test
  void anEpochWithoutANumberIsNoImprovementAndWorseThanAnyOther() {
    Stopping stopping = stopping(1, 0, new Settled(0, 10));
    TrainingState.Epoch none = new TrainingState.Epoch(2, Map.of());
    TrainingState.Epoch some = losses(3, 2, 1).get(2);

    assertThat(stopping.verdict(List.of(losses(3).get(0), none))).isPresent();
    assertThat(stopping.verdict(List.of(none, some))).isEmpty();
  }

  @Test
  void onlyEpochsAfterTheLastInterruptionCount() {
    // Interrupted at the end of the third epoch of ten steps.
    Stopping stopping = stopping(1, 0, new Settled(30, 10));

    assertThat(stopping.verdict(losses(1, 2, 3, 4))).isEmpty();
    assertThat(stopping.verdict(losses(1, 2, 3, 4, 5)).map(TrainingState.Epoch::epoch)).contains(4);
  }

  @Test
  @Tag("engine")
  void itIsOverWhenItEndsEarlyAndSaysSo() throws IOException {
    Checkpoint ended = impatient(20).train(Toys.dense(1), END, 9, context);

    TrainingState state = ended.training().orElseThrow();
    assertThat(state.over()).isTrue();
    assertThat(state.step()).isEqualTo(21);
    assertThat(state.optimizer()).isEmpty();
    assertThat(context.lines.get(3))
        .matches(
            "stopped after epoch 3 of 20: loss \\(validation\\) did not improve on \\d\\.\\d{4} of"
                + " epoch 1 for 2 epochs");
    assertThat(context.rows)
        .contains(new Stage.Row("epochs-run", 3, "", "", 0, ""))
        .anyMatch(row -> row.metric().equals("loss") && row.split().equals("validation"));
  }

  @Test
  @Tag("engine")
  void cuttingItChangesNoBit() throws IOException {
    Toys.Context straight = new Toys.Context();
    Checkpoint whole = impatient(20).train(Toys.dense(1), END, 9, straight);
    for (List<Long> cuts : List.of(List.of(3L), List.of(7L, 14L), List.of(10L, 21L))) {
      Checkpoint pieced = Toys.dense(1);
      for (long cut : cuts) {
        pieced = impatient(20).train(pieced, OptionalLong.of(cut), 9, new Toys.Context());
        assertThat(pieced.training().orElseThrow().over()).isFalse();
      }
      Toys.Context last = new Toys.Context();

      assertThat(impatient(20).train(pieced, END, 9, last)).as("%s", cuts).isEqualTo(whole);
      assertThat(last.rows).isEqualTo(straight.rows);
    }
  }

  @Test
  @Tag("engine")
  void aCutBeyondItsEndIsRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> impatient(20).train(Toys.dense(1), OptionalLong.of(70), 9, context))
        .withMessage(
            "the training ended early after 21 of 140 steps; step 70 to go back to lies beyond");
  }

  @Test
  @Tag("engine")
  void returnsTheParametersOfTheFirstBestEpoch() throws IOException {
    // So fast that it overshoots: the best epoch is none of the last.
    Optimizer fast = new Optimizer.Sgd(new LearningRate.Exponential(0.5, 2), 0, 0, false);
    BestEpoch best = new BestEpoch(Optional.of(new Loss()), Split.TEST);

    Checkpoint kept = trainer(6, fast, null, best).train(Toys.dense(1), END, 9, context);

    List<Double> losses =
        context.rows.stream()
            .filter(row -> row.metric().equals("loss") && row.split().equals("test"))
            .map(Stage.Row::value)
            .toList();
    double lowest = losses.stream().mapToDouble(Double::doubleValue).min().orElseThrow();
    int epoch = losses.indexOf(lowest) + 1;
    assertThat(epoch).isBetween(1, 5);
    assertThat(context.rows).contains(new Stage.Row("kept-epoch", epoch, "", "test", 0, ""));
    assertThat(context.lines.get(context.lines.size() - 1))
        .startsWith("kept epoch " + epoch + ": the best loss (test), ")
        .endsWith("; chosen on test, so its test results are no longer those of unseen examples");
    assertThat(kept.parameters())
        .isEqualTo(
            trainer(epoch, fast, null, null)
                .train(Toys.dense(1), END, 9, new Toys.Context())
                .parameters());
  }

  @Test
  @Tag("engine")
  void keepsTheBestAcrossCuts() throws IOException {
    Optimizer fast = new Optimizer.Sgd(new LearningRate.Exponential(0.5, 2), 0, 0, false);
    Trainer trainer = trainer(5, fast, null, new BestEpoch(Optional.empty(), Split.VALIDATION));
    Checkpoint start = Toys.pruned(Toys.dense(3), 4);
    Checkpoint whole = trainer.train(start, END, 9, context);
    for (long cut : List.of(5L, 14L, 30L)) {
      Checkpoint at = trainer.train(start, OptionalLong.of(cut), 9, new Toys.Context());

      assertThat(trainer.train(at, END, 9, new Toys.Context())).as("cut %d", cut).isEqualTo(whole);
      assertThat(
              at.training().orElseThrow().optimizer().keySet().stream().anyMatch(Trainer::isBest))
          .isEqualTo(cut >= 7);
    }
  }

  @Test
  void refusesImpossibleSettings() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EarlyStop(new Loss(), Split.TEST, 0, 0))
        .withMessage("patience must be at least 1 epoch, was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EarlyStop(new Loss(), Split.TEST, 1, -1))
        .withMessage("the least improvement must be at least 0 and finite, was -1.0");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new Examination(
                    new Watch(List.of(new Sparsity()), List.of(Split.TEST)),
                    Optional.empty(),
                    Optional.empty(),
                    Toys.TASK))
        .withMessage(
            "sparsity is no metric of predictions, and only those are measured after every epoch");
  }

  @Test
  void bestChoosesByTheTasksOwnMetric() {
    Examination examination =
        new Examination(new Watch(), Optional.empty(), Optional.of(new BestEpoch()), Toys.TASK);

    assertThat(examination.choosing()).contains(new Watched(Split.VALIDATION, new Accuracy()));
    assertThat(examination.watched()).hasSize(2);
  }
}

package io.secateur.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.NDManager;
import io.secateur.builtin.Accuracy;
import io.secateur.builtin.Loss;
import io.secateur.model.Checkpoint;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** How long a training is, what it looks at, and what it is shown. */
@Tag("engine")
class LengthTest {
  private static final OptionalLong END = OptionalLong.empty();
  private static final Optimizer SGD =
      new Optimizer.Sgd(
          new LearningRate.WarmUp(
              Optional.of(5L),
              Optional.empty(),
              Optional.empty(),
              new LearningRate.Cosine(0.1, Optional.empty(), Optional.empty())),
          0.9,
          0,
          false);

  private final Toys.Context context = new Toys.Context();

  private static Trainer trainer(int epochs, Optional<Long> steps, Watch watch) {
    return new Trainer(
        epochs, steps, SGD, 8, TrainingLoss.TASK, watch, Optional.empty(), Optional.empty());
  }

  @Test
  void aShortLastEpochIsExaminedToo() throws IOException {
    // 50 examples in batches of 8: 7 steps an epoch.
    Trainer trainer = trainer(1, Optional.of(9L), new Watch());

    Checkpoint trained = trainer.train(Toys.dense(1), END, 9, context);

    assertThat(trainer.steps(50)).isEqualTo(9);
    assertThat(trained.training().orElseThrow().step()).isEqualTo(9);
    assertThat(context.lines).hasSize(2);
    assertThat(context.lines.get(1)).startsWith("epoch 2/2  loss ");
    Checkpoint at4 = trainer.train(Toys.dense(1), OptionalLong.of(4), 9, new Toys.Context());
    assertThat(trainer.train(at4, END, 9, new Toys.Context())).isEqualTo(trained);
  }

  @Test
  void asManyStepsAsWholeEpochsAreTheSameTraining() throws IOException {
    assertThat(trainer(1, Optional.of(14L), new Watch()).train(Toys.dense(1), END, 9, context))
        .isEqualTo(
            trainer(2, Optional.empty(), new Watch())
                .train(Toys.dense(1), END, 9, new Toys.Context()));
  }

  @Test
  void epochsAndStepsAreOneTooMany() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> trainer(5, Optional.of(100L), new Watch()))
        .withMessage("epochs: 5 and steps: 100 both say how long to train; write one of them");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> trainer(1, Optional.of(0L), new Watch()))
        .withMessage("steps must be at least 1, was 0");
  }

  @Test
  void watchingMoreChangesNoParameter() throws IOException {
    Watch watch =
        new Watch(List.of(new Loss(), new Accuracy()), List.of(Split.TRAIN, Split.VALIDATION));
    Checkpoint watched = trainer(2, Optional.empty(), watch).train(Toys.dense(1), END, 9, context);

    assertThat(watched.parameters())
        .isEqualTo(
            trainer(2, Optional.empty(), new Watch())
                .train(Toys.dense(1), END, 9, new Toys.Context())
                .parameters());
    assertThat(context.rows)
        .filteredOn(row -> row.epoch() == 2)
        .extracting(row -> row.metric() + " " + row.split() + " " + row.unit())
        .containsExactly(
            "loss train ",
            "accuracy train %",
            "loss validation ",
            "accuracy validation %",
            "revived  ");
  }

  @Test
  void everyStepShowsItsExamplesChangedAnew() throws IOException {
    List<Long> straight = new ArrayList<>();
    List<Long> pieced = new ArrayList<>();
    Trainer trainer = trainer(2, Optional.empty(), new Watch());
    trainer.train(Toys.dense(1), END, 9, augmented(straight));

    Toys.Context second = augmented(pieced);
    Checkpoint at5 = trainer.train(Toys.dense(1), OptionalLong.of(5), 9, second);
    trainer.train(at5, END, 9, second);

    assertThat(straight).hasSize(14).doesNotHaveDuplicates();
    assertThat(pieced).isEqualTo(straight);
  }

  private static Toys.Context augmented(List<Long> seeds) {
    Examples plain = Toys.examples(50, 1);
    Examples changing =
        new Examples() {
          @Override
          public int size() {
            return plain.size();
          }

          @Override
          public Batch batch(int[] indices, NDManager manager) {
            throw new AssertionError("training shows augmented batches");
          }

          @Override
          public Batch augmented(int[] indices, long seed, NDManager manager) {
            seeds.add(seed);
            return plain.batch(indices, manager);
          }
        };
    return new Toys.Context(changing, Toys.examples(30, 2));
  }

  @Test
  void aPartWithoutExamplesIsNotMissed() throws IOException {
    Toys.Context untested = new Toys.Context(Toys.examples(50, 1), Toys.examples(0, 1));
    trainer(1, Optional.empty(), new Watch()).train(Toys.dense(1), END, 9, untested);

    assertThat(untested.rows).extracting(Stage.Row::metric).containsExactly("loss", "revived");
  }
}

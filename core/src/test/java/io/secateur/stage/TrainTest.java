package io.secateur.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Checkpoint;
import io.secateur.model.TrainingState;
import io.secateur.spi.Point;
import io.secateur.spi.Task;
import io.secateur.spi.TrainingStage;
import io.secateur.train.LearningRate;
import io.secateur.train.Optimizer;
import io.secateur.train.Toys;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class TrainTest {
  private static final Optimizer ADAM =
      new Optimizer.Adam(LearningRate.of(0.02), 0.9, 0.99, 1e-8, 0.01);

  private final Train train = new Train(2, ADAM, 8);
  private final Toys.Context context = new Toys.Context();

  @Test
  void countsStepsWithTheShortLastBatch() {
    assertThat(train.stepsPerEpoch(50)).isEqualTo(7);
    assertThat(train.stepsPerEpoch(48)).isEqualTo(6);
    assertThat(train.steps(50)).isEqualTo(14);
  }

  @Test
  void everyRoundDrawsTheSameOrder() {
    assertThat(train.ordinal(3)).isZero();
  }

  @Test
  void aCutTrainingGoesOnToTheSameResult() throws IOException {
    Checkpoint dense = Toys.dense(1);
    TrainingStage cut = train.until(5);

    Checkpoint at5 = cut.run(dense, new Toys.Context());

    assertThat(at5.training().orElseThrow().step()).isEqualTo(5);
    assertThat(train.run(at5, new Toys.Context())).isEqualTo(train.run(dense, context));
    assertThat(context.purposes).containsExactly("train");
  }

  @Test
  void cutBeforeItsFirstStepTheModelIsAsItWas() throws IOException {
    Checkpoint dense = Toys.dense(1);

    Checkpoint at0 = train.until(0).run(dense, context);

    assertThat(at0.parameters()).isEqualTo(dense.parameters());
    assertThat(at0.training().orElseThrow().step()).isZero();
    assertThat(context.rows).isEmpty();
  }

  @Test
  void afterARewindToAnEpochItRepeatsTheEpochsThatFollow() throws IOException {
    Checkpoint dense = Toys.dense(1);
    context.past.put(new Point.Epoch(1), train.until(7).run(dense, context));
    Checkpoint trained = train.run(dense, context);

    // Nothing is pruned: the rewound training must end where the first one did.
    Checkpoint rewound = new Rewind(new RewindTo.Epoch(1)).run(trained, context);

    assertThat(train.run(rewound, context)).isEqualTo(trained);
  }

  @Test
  void afterARewindToInitItRepeatsTheWholeTraining() throws IOException {
    Checkpoint dense = Toys.dense(1);
    context.past.put(new Point.Init(), dense);
    Checkpoint trained = train.run(dense, context);

    assertThat(train.run(new Rewind().run(trained, context), context)).isEqualTo(trained);
  }

  @Test
  void fineTuningStartsAfreshWithItsOwnSeed() throws IOException {
    FineTune tune = new FineTune(1, ADAM, 8);
    Checkpoint cut = new Train(1, ADAM, 8).until(3).run(Toys.dense(1), new Toys.Context());

    Checkpoint tuned = tune.run(cut, context);

    TrainingState state = tuned.training().orElseThrow();
    assertThat(state.step()).isEqualTo(7);
    assertThat(state.over()).isTrue();
    assertThat(context.purposes).containsExactly("finetune");
    assertThat(tune.ordinal(3)).isEqualTo(3);
    assertThat(tuned).isEqualTo(tune.run(cut.withTraining(Optional.empty()), new Toys.Context()));
  }

  @Test
  void refusesAModelThatDoesNotAnswerTheTask() {
    Task ten = new Task.Classification(new Shape(6), 10);

    assertThat(train.faults(Toys.NETWORK, Toys.TASK)).isEmpty();
    assertThat(train.faults(Toys.NETWORK, ten))
        .containsExactly("the model gives 3 outputs, the data set asks for 10");
    assertThat(new FineTune().faults(Toys.NETWORK, ten)).hasSize(1);
  }

  @Test
  void refusesSettingsThatTrainNothing() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Train(0, ADAM, 8))
        .withMessage("epochs must be at least 1, was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new FineTune(1, ADAM, 0))
        .withMessage("batch must be at least 1, was 0");
    assertThatIllegalArgumentException().isThrownBy(() -> train.until(-3));
  }
}

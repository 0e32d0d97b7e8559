package io.secateur.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.djl.ndarray.types.Shape;
import io.secateur.builtin.Accuracy;
import io.secateur.builtin.Loss;
import io.secateur.model.TrainingState;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import io.secateur.spi.Task;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static final String SCORE = "test accuracy";

  private final Examination accuracy = new Examination(Toys.TASK);
  private final History history = new History(accuracy, 5, List.of());

  @Test
  void anEpochIsOneLineWithTheBestSoFar() {
    history.add(1, 2);
    history.end(Map.of(SCORE, 97.5), 0);
    history.add(0.5, 2);

    assertThat(history.line(history.end(Map.of(SCORE, 97.314), 0)))
        .isEqualTo(
            "epoch 2/5  loss 0.5000  accuracy 97.31 % (test)  best 97.50 % (epoch 1)  revived 0");
  }

  @Test
  void ofEqualEpochsTheFirstIsBest() {
    history.add(1, 1);
    history.end(Map.of(SCORE, 90.0), 0);
    history.add(1, 1);

    assertThat(history.line(history.end(Map.of(SCORE, 90.0), 0)))
        .contains("best 90.00 % (epoch 1)");
  }

  @Test
  void theLowestLossIsBestWhereThereIsNoAccuracy() {
    Examination loss = new Examination(new Task.Regression(new Shape(2), 1));
    History regression = new History(loss, 2, List.of());
    regression.add(1, 1);
    regression.end(Map.of("test loss", 0.25), 0);
    regression.add(1, 1);

    assertThat(regression.line(regression.end(Map.of("test loss", 0.75), 3)))
        .isEqualTo("epoch 2/2  loss 1.0000  loss 0.7500 (test)  best 0.2500 (epoch 1)  revived 3");
  }

  @Test
  void withoutTestExamplesOnlyTheTrainingLossIsSaid() {
    history.add(2, 1);

    TrainingState.Epoch epoch = history.end(Map.of(), 0);

    assertThat(history.line(epoch)).isEqualTo("epoch 1/5  loss 2.0000  revived 0");
    assertThat(history.rows(epoch))
        .extracting(Stage.Row::metric)
        .containsExactly("loss", "revived");
  }

  @Test
  void theMeanLossWeighsShortBatchesByTheirSize() {
    history.add(1, 3);
    history.add(5, 1);

    assertThat(history.rows(history.end(Map.of(SCORE, 50.0), 0)).get(0).value()).isEqualTo(2);
  }

  @Test
  void rowsSayMetricSplitEpochAndUnit() {
    history.add(1, 1);

    assertThat(history.rows(history.end(Map.of(SCORE, 50.0), 7)))
        .containsExactly(
            new Stage.Row("loss", 1, "", "train", 1, ""),
            new Stage.Row("accuracy", 50, "", "test", 1, "%"),
            new Stage.Row("revived", 7, "", "", 1, ""));
  }

  @Test
  void anEpochUnderWayGoesOnWhereItWasCut() {
    history.add(1, 1);
    history.end(Map.of(SCORE, 50.0), 0);
    history.add(3, 3);

    History continued = new History(accuracy, 5, history.toList());
    continued.add(5, 1);
    history.add(5, 1);

    assertThat(continued.over()).hasSize(1);
    assertThat(continued.end(Map.of(SCORE, 60.0), 0))
        .isEqualTo(history.end(Map.of(SCORE, 60.0), 0));
    assertThat(continued.toList()).isEqualTo(history.toList());
  }

  @Test
  void aStateOfAnotherMakeIsRefused() {
    History foreign =
        new History(accuracy, 5, List.of(new TrainingState.Epoch(1, Map.of("other", 1.0))));

    assertThatIllegalArgumentException()
        .isThrownBy(foreign::rows)
        .withMessage("the training state's epoch 1 has no 'train loss'");
  }

  @Test
  void everythingWatchedHasARowAndAPlaceInTheLine() {
    Watch watch =
        new Watch(List.of(new Accuracy(), new Loss()), List.of(Split.VALIDATION, Split.TRAIN));
    Examination wide = new Examination(watch, Optional.empty(), Optional.empty(), Toys.TASK);
    History history = new History(wide, 1, List.of());
    history.add(3, 1);

    TrainingState.Epoch epoch =
        history.end(
            Map.of(
                "validation accuracy",
                90.0,
                "validation loss",
                0.25,
                "train/accuracy",
                95.0,
                "train/loss",
                0.125),
            0);

    // The loss of the whole training part stands in the place of its batches' mean.
    assertThat(history.rows(epoch))
        .containsExactly(
            new Stage.Row("accuracy", 90, "", "validation", 1, "%"),
            new Stage.Row("loss", 0.25, "", "validation", 1, ""),
            new Stage.Row("accuracy", 95, "", "train", 1, "%"),
            new Stage.Row("loss", 0.125, "", "train", 1, ""),
            new Stage.Row("revived", 0, "", "", 1, ""));
    assertThat(history.line(epoch))
        .isEqualTo(
            "epoch 1/1  loss 3.0000  accuracy 90.00 % (validation)  best 90.00 % (epoch 1)"
                + "  loss 0.2500 (validation)  accuracy 95.00 % (train)  loss 0.1250 (train)"
                + "  revived 0");
  }

  @Test
  void theBestIsOfWhatChoosesTheEpoch() {
    Watch watch = new Watch(List.of(new Accuracy()), List.of(Split.TRAIN, Split.VALIDATION));
    Optional<BestEpoch> best =
        Optional.of(new BestEpoch(Optional.of(new Accuracy()), Split.VALIDATION));
    History history =
        new History(new Examination(watch, Optional.empty(), best, Toys.TASK), 2, List.of());
    history.add(3, 1);
    history.end(Map.of("train/accuracy", 90.0, "validation accuracy", 85.0), 0);
    history.add(2, 1);

    assertThat(
            history.line(
                history.end(Map.of("train/accuracy", 95.0, "validation accuracy", 80.0), 0)))
        .isEqualTo(
            "epoch 2/2  loss 2.0000  accuracy 95.00 % (train)  accuracy 80.00 % (validation)"
                + "  best 85.00 % (epoch 1)  revived 0");
  }

  @Test
  void ofSeveralInterruptionsInAnEpochTheLastIsKept() {
    Stage.Row few = new Stage.Row("pruned", 3, "fc1.weight", "", 0, "");
    Stage.Row asked = new Stage.Row("requested", 50, "", "", 0, "%");
    history.note(1, List.of(few));
    history.note(1, List.of(asked, new Stage.Row("pruned", 5, "fc1.weight", "", 0, "")));
    history.add(1, 1);
    history.end(Map.of(), 0);
    history.note(2, List.of());

    History continued = new History(accuracy, 5, history.toList());

    assertThat(continued.rows())
        .containsExactly(
            new Stage.Row("requested", 50, "", "", 1, "%"),
            new Stage.Row("pruned", 5, "fc1.weight", "", 1, ""),
            new Stage.Row("loss", 1, "", "train", 1, ""),
            new Stage.Row("revived", 0, "", "", 1, ""));
    assertThat(continued.over()).hasSize(1);
    assertThat(continued.lastInterruption()).isEmpty();
  }
}

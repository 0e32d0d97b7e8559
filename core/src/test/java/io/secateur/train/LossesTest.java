package io.secateur.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.spi.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class LossesTest {
  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void classesAreJudgedByCrossEntropyOfLogits() {
    float loss =
        Losses.mean(
                TrainingLoss.TASK,
                new Task.Classification(new Shape(1), 2),
                manager.create(new float[][] {{0, 0}, {2, 0}}),
                manager.create(new long[] {1, 0}))
            .getFloat();

    double second = Math.log(Math.exp(2) + 1) - 2;
    assertThat((double) loss).isCloseTo((Math.log(2) + second) / 2, within(1e-6));
  }

  @Test
  void tokensAreJudgedAtEveryPosition() {
    float loss =
        Losses.mean(
                TrainingLoss.TASK,
                new Task.TokenPrediction(new Shape(2), 3),
                manager.create(new float[] {0, 0, 0, 5, 0, 0}, new Shape(1, 2, 3)),
                manager.create(new long[][] {{2, 0}}))
            .getFloat();

    double second = Math.log(Math.exp(5) + 2) - 5;
    assertThat((double) loss).isCloseTo((Math.log(3) + second) / 2, within(1e-6));
  }

  @Test
  void numbersAreJudgedBySquaredError() {
    float loss =
        Losses.mean(
                TrainingLoss.TASK,
                new Task.Regression(new Shape(1), 2),
                manager.create(new float[][] {{1, 2}, {3, 4}}),
                manager.create(new float[][] {{1, 0}, {3, 2}}))
            .getFloat();

    assertThat(loss).isEqualTo(2);
  }

  @Test
  void logProbabilitiesAreNotNormalisedAgain() {
    Task two = new Task.Classification(new Shape(1), 2);
    float loss =
        Losses.mean(
                TrainingLoss.NLL,
                two,
                manager.create(new float[][] {{-1, -2}, {-3, -4}}),
                manager.create(new long[] {1, 0}))
            .getFloat();

    assertThat(loss).isEqualTo(2.5f);
  }

  @Test
  void aLossThatIsNotOfTheTaskIsRefused() {
    Task classes = new Task.Classification(new Shape(1), 2);
    Task numbers = new Task.Regression(new Shape(1), 1);

    assertThat(TrainingLoss.MSE.fault(classes))
        .contains(
            "loss: mse is for numbers, and the data set asks for classes; write loss:"
                + " cross-entropy, or nll for a model that ends in a log-softmax");
    assertThat(TrainingLoss.NLL.fault(numbers))
        .contains("loss: nll is for classes, and the data set asks for numbers; write loss: mse");
    assertThat(TrainingLoss.CROSS_ENTROPY.fault(numbers)).isPresent();
    assertThat(TrainingLoss.TASK.fault(numbers)).isEmpty();
    assertThat(TrainingLoss.MSE.fault(numbers)).isEmpty();
    assertThat(TrainingLoss.NLL.fault(classes)).isEmpty();
  }
}

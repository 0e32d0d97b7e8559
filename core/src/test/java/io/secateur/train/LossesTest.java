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
                new Task.Regression(new Shape(1), 2),
                manager.create(new float[][] {{1, 2}, {3, 4}}),
                manager.create(new float[][] {{1, 0}, {3, 2}}))
            .getFloat();

    assertThat(loss).isEqualTo(2);
  }
}

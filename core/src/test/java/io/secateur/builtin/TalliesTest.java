package io.secateur.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.spi.Metric;
import io.secateur.spi.Task;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
final class TalliesTest {
  private NDManager manager;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
  }

  @AfterEach
  void close() {
    manager.close();
  }

  private double topFive(float[] outputs, long... labels) {
    int classes = outputs.length / labels.length;
    Metric.OfPredictions.Tally tally =
        new TopFive().start(new Task.Classification(new Shape(1), classes));
    tally.add(manager.create(outputs, new Shape(labels.length, classes)), manager.create(labels));
    return tally.result().get(0).value();
  }

  @Test
  void countsLabelsAmongTheFiveHighest() {
    float[] twice = {9, 8, 7, 6, 5, 4, 9, 8, 7, 6, 5, 4};
    assertThat(topFive(twice, 4, 5)).isEqualTo(50);
  }

  @Test
  void countsTheFirstOfEqualOutputsAsTheHigher() {
    float[] equal = new float[12];
    assertThat(topFive(equal, 4, 5)).isEqualTo(50);
  }

  @Test
  void isNeverRightWithAnOutputOfNaN() {
    assertThat(topFive(new float[] {9, 8, 7, 6, Float.NaN, 4}, 0)).isZero();
  }

  private double error(Metric.OfPredictions metric) {
    Metric.OfPredictions.Tally tally = metric.start(new Task.Regression(new Shape(1), 2));
    tally.add(manager.create(new float[][] {{1, 2}}), manager.create(new float[][] {{0, 4}}));
    tally.add(manager.create(new float[][] {{1, 1}}), manager.create(new float[][] {{1, 4}}));
    return tally.result().get(0).value();
  }

  @Test
  void averagesErrorsOverAllOutputsOfAllBatches() {
    // Errors 1, -2, 0, -3.
    assertThat(error(new Mse())).isCloseTo(14 / 4.0, within(1e-12));
    assertThat(error(new Mae())).isCloseTo(6 / 4.0, within(1e-12));
  }
}

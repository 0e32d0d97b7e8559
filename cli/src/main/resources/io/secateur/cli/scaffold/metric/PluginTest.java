package @package@;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.conformance.MetricContract;
import io.secateur.spi.Metric;
import io.secateur.spi.Task;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The rules of metrics, each a test, and what this one measures. */
class @class@Test implements MetricContract {
  @Override
  public Metric plugin() {
    return new @class@();
  }

  @Test
  void isTheAccuracyOfTheWorstClass() {
    try (NDManager manager = NDManager.newBaseManager()) {
      // Class 0 is right twice, class 1 once of two, class 2 is not there.
      float[] scores = {9, 0, 0, 5, 1, 0, 0, 7, 0, 3, 2, 1};
      Metric.OfPredictions.Tally tally =
          new @class@().start(new Task.Classification(new Shape(4), 3));
      tally.add(
          manager.create(scores, new Shape(4, 3)), manager.create(new long[] {0, 0, 1, 1}));

      assertEquals(List.of(new Metric.Value("@name@", 50.0)), tally.result());
    }
  }
}

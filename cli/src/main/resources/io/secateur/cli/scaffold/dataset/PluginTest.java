package @package@;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.NDManager;
import io.secateur.conformance.DatasetSourceContract;
import io.secateur.spi.DatasetSource;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import org.junit.jupiter.api.Test;

/** The rules of data sets, each a test, and what this one draws. */
class @class@Test implements DatasetSourceContract {
  @Override
  public DatasetSource plugin() {
    return new @class@();
  }

  @Test
  void withoutNoiseTheDistanceFromTheOriginTellsTheClass() {
    Examples examples = new @class@(6, 6, 3, 0).open(Split.TRAIN, files());
    try (NDManager manager = NDManager.newBaseManager()) {
      Examples.Batch batch = examples.batch(new int[] {0, 1, 2}, manager);
      float[] points = batch.inputs().toFloatArray();

      assertArrayEquals(new long[] {0, 1, 2}, batch.targets().toLongArray());
      for (int i = 0; i < 3; i++) {
        assertEquals(i + 1, Math.hypot(points[2 * i], points[2 * i + 1]), 1e-5);
      }
    }
  }
}

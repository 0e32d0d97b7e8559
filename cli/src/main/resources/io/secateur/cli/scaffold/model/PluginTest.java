package @package@;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.djl.ndarray.types.Shape;
import io.secateur.conformance.ModelSourceContract;
import io.secateur.model.Architecture;
import io.secateur.spi.ModelSource;
import io.secateur.spi.Task;
import org.junit.jupiter.api.Test;

/** The rules of models, each a test that tries this one on tasks of all kinds, and its size. */
class @class@Test implements ModelSourceContract {
  @Override
  public ModelSource plugin() {
    return new @class@();
  }

  @Test
  void hasAsManyParametersAsItsLayersAddUpTo() {
    Architecture architecture =
        new @class@(8, 2).architecture(new Task.Classification(new Shape(1, 4, 4), 3));

    assertEquals((16 * 8 + 8) + 2 * (8 * 8 + 8) + (8 * 3 + 3), architecture.parameterCount());
  }
}

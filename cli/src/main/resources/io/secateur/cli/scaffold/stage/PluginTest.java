package @package@;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.secateur.conformance.StageContract;
import io.secateur.spi.Stage;
import org.junit.jupiter.api.Test;

/** The rules of stages, each a test that runs this one on small models, and what it refuses. */
class @class@Test implements StageContract {
  @Override
  public Stage plugin() {
    return new @class@(0.5);
  }

  @Test
  void refusesNegativeNoise() {
    assertThrows(IllegalArgumentException.class, () -> new @class@(-1));
  }
}

package @package@;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.secateur.conformance.ScheduleContract;
import io.secateur.spi.Schedule;
import org.junit.jupiter.api.Test;

/** The rules of schedules, each a test, and what this one gives. */
class @class@Test implements ScheduleContract {
  @Override
  public Schedule plugin() {
    return new @class@();
  }

  @Test
  void isHalfTheTargetAfterAQuarter() {
    assertEquals(0.4, new @class@(0.5).sparsity(0.25, 0.8), 1e-12);
  }

  @Test
  void growsEvenlyWithExponentOne() {
    assertEquals(0.2, new @class@(1).sparsity(0.25, 0.8), 1e-12);
  }
}

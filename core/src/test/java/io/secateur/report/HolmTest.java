package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class HolmTest {
  /**
   * R's {@code p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")}: at 0.05 the first and the last are
   * rejected and the others are not.
   */
  @Test
  void givesWhatIsKnownOfFourTests() {
    assertThat(Holm.adjusted(0.01, 0.04, 0.03, 0.005))
        .containsExactly(new double[] {0.03, 0.06, 0.06, 0.02}, within(1e-12));
  }

  @Test
  void leavesOneTestAloneAndStopsAtOne() {
    assertThat(Holm.adjusted(0.2)).containsExactly(0.2);
    assertThat(Holm.adjusted(0.9, 0.6, 1)).containsExactly(1, 1, 1);
    assertThat(Holm.adjusted()).isEmpty();
  }
}

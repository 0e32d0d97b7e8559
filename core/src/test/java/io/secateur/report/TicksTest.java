package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TicksTest {
  @Test
  void areRoundNumbersWithinTheRange() {
    assertThat(Ticks.between(0, 100, 4)).containsExactly(0., 50., 100.);
    assertThat(Ticks.between(0.18, 2.07, 4)).containsExactly(0.5, 1., 1.5, 2.);
    assertThat(Ticks.between(-3, 3, 6)).containsExactly(-3., -2., -1., 0., 1., 2., 3.);
  }

  @Test
  void haveTheDigitsOfTheirStep() {
    assertThat(Ticks.text(0.5, 0.5)).isEqualTo("0.5");
    assertThat(Ticks.text(20, 10)).isEqualTo("20");
    assertThat(Ticks.text(-0.002, 0.001)).isEqualTo("−0.002");
  }

  @Test
  void patternsSuitTheSpan() {
    assertThat(Ticks.pattern(0, 1_000_000)).isEqualTo("#,##0");
    assertThat(Ticks.pattern(0.08, 0.11)).isEqualTo("0.###");
    assertThat(Ticks.pattern(0, 2e-6)).isEqualTo("0.##E0");
  }
}

package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class AxisTest {
  @Test
  void isLogarithmicWhereNumbersSpanMoreThanTwoPowersOfTen() {
    Axis axis = Axis.of(0.02, 60, "");

    assertThat(axis.logarithmic()).isTrue();
    assertThat(axis.ticks(4)).containsExactly(0.1, 1.0, 10.0);
    assertThat(axis.ticks(4).stream().map(tick -> axis.text(tick, axis.ticks(4))))
        .containsExactly("0.1", "1", "10");
    double middle = Math.sqrt(axis.low() * axis.high());
    assertThat(axis.share(middle)).isCloseTo(0.5, within(1e-9));
    assertThat(axis.share(-1)).isZero();
    assertThat(axis.share(1e9)).isEqualTo(1);
  }

  @Test
  void skipsPowersOfTenWhereThereAreMany() {
    assertThat(Axis.of(1e-9, 1, "").ticks(4)).hasSizeBetween(3, 6);
  }

  @Test
  void isLinearElsewhere() {
    for (Axis axis : List.of(Axis.of(0.1, 5, ""), Axis.of(0, 500, ""), Axis.of(0.1, 99, "%"))) {
      assertThat(axis.logarithmic()).isFalse();
      assertThat(axis.share((axis.low() + axis.high()) / 2)).isCloseTo(0.5, within(1e-9));
    }
  }
}

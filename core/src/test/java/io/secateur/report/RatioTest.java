package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class RatioTest {
  @Test
  void weighsHalvingLikeDoubling() {
    assertThat(Ratio.of(List.of(0.5, 2.0)).mean()).isCloseTo(1, within(1e-12));
  }

  @Test
  void neverReachesBelowZero() {
    Ratio wild = Ratio.of(List.of(0.3, 1.9, 0.9));

    assertThat(wild.low()).isPositive();
    assertThat(wild.high()).isGreaterThan(wild.mean());
    assertThat(wild.changed()).isFalse();
  }

  @Test
  void hasNoIntervalOfOneSeed() {
    Ratio one = Ratio.of(List.of(0.5));

    assertThat(one.alone()).isTrue();
    assertThat(one.changed()).isFalse();
    assertThat(one.factor()).isEqualTo("0.50 ×");
  }
}

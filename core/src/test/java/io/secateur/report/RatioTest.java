package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class RatioTest {
  @Test
  void weighsHalvingLikeDoubling() {
    assertThat(ratio(List.of(0.5, 2.0)).mean()).isCloseTo(1, within(1e-12));
  }

  @Test
  void neverReachesBelowZero() {
    Ratio wild = ratio(List.of(0.3, 1.9, 0.9));

    assertThat(wild.low()).isPositive();
    assertThat(wild.high()).isGreaterThan(wild.mean());
    assertThat(wild.changed()).isFalse();
  }

  @Test
  void hasNoIntervalOfOneSeed() {
    Ratio one = ratio(List.of(0.5));

    assertThat(one.alone()).isTrue();
    assertThat(one.changed()).isFalse();
    assertThat(one.factor()).isEqualTo("0.50 ×");
  }

  /** Two iterations, the first of which took 1: the paired case. */
  private static Ratio ratio(List<Double> perSeed) {
    return Ratio.of(List.of(perSeed.stream().map(each -> 1.0).toList(), perSeed), 1, 0);
  }

  @Test
  void takesTheSpreadFromAllIterations() {
    // The means of rows and seeds are 0, so what is left of the logarithms is ±a, four times.
    double a = 0.2;
    List<Double> calm = List.of(1.0, 1.0, 1.0);
    List<Double> up = List.of(Math.exp(a), 1.0, Math.exp(-a));
    List<Double> down = List.of(Math.exp(-a), 1.0, Math.exp(a));
    Ratio ratio = Ratio.of(List.of(calm, up, down), 1, 0);
    double error = Math.sqrt(2 * (4 * a * a) / 4 / 3);
    assertThat(ratio.mean()).isCloseTo(1, within(1e-12));
    // 2.776 is the 97.5 % point of t with 4 degrees of freedom.
    assertThat(ratio.high()).isCloseTo(Math.exp(2.7764 * error), within(1e-4));
  }
}

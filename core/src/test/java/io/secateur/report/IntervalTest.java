package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IntervalTest {
  @Test
  void givesTheIntervalOfStudentsSleepData() {
    // Student (1908), additional hours of sleep, differences of the two drugs. R's paired t.test
    // prints 1.58 and 0.7001142 to 2.4598858 for it.
    Interval interval = Interval.of(List.of(1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4));

    assertThat(interval.mean()).isCloseTo(1.58, within(1e-12));
    assertThat(interval.low()).isCloseTo(0.7001142, within(1e-7));
    assertThat(interval.high()).isCloseTo(2.4598858, within(1e-7));
    assertThat(interval.n()).isEqualTo(10);
  }

  @Test
  void coversTheTrueMeanNineteenTimesInTwenty() {
    long seed = 20260101;
    Random random = new Random(seed);
    int covered = 0;
    for (int trial = 0; trial < 4000; trial++) {
      Interval interval =
          Interval.of(List.of(random.nextGaussian(), random.nextGaussian(), random.nextGaussian()));
      covered += interval.excludes(0) ? 0 : 1;
    }
    assertThat(covered / 4000.0).as("seed %d", seed).isCloseTo(0.95, within(0.012));
  }

  @Test
  void hasNoIntervalForOneSeed() {
    Interval interval = Interval.of(List.of(97.5));

    assertThat(interval.mean()).isEqualTo(97.5);
    assertThat(interval.halfWidth()).isNaN();
    assertThat(interval.spread()).isFalse();
    assertThat(interval.excludes(0)).isFalse();
  }

  @Test
  void hasAWidthOfZeroWhenAllSeedsAgree() {
    double third = 100.0 / 3;
    Interval interval = Interval.of(List.of(third, third, third));

    assertThat(interval.mean()).isEqualTo(third);
    assertThat(interval.halfWidth()).isZero();
    assertThat(interval.spread()).isFalse();
  }

  @Test
  void saysSoWhenAValueIsNotFinite() {
    assertThat(Interval.of(List.of(1.0, Double.NaN)).mean()).isNaN();
    assertThat(Interval.of(List.of(1.0, Double.POSITIVE_INFINITY)).mean())
        .isEqualTo(Double.POSITIVE_INFINITY);
    assertThat(Interval.of(List.of(1.0, Double.POSITIVE_INFINITY)).spread()).isFalse();
  }

  @Test
  void refusesNoValues() {
    assertThatIllegalArgumentException().isThrownBy(() -> Interval.of(List.of()));
  }
}

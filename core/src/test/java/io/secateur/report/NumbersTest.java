package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NumbersTest {
  private static final Numbers PERCENT = new Numbers(2);

  @Test
  void writesTwoDigitsOfPercents() {
    Numbers numbers = Numbers.of("%", List.of(new Interval(97.456, 0.123, 3)));

    assertThat(numbers.text(new Interval(97.456, 0.123, 3))).isEqualTo("97.46 ± 0.12");
  }

  @Test
  void leavesOutTheIntervalWhereSeedsAgreeOrThereIsOne() {
    assertThat(PERCENT.text(new Interval(33, 0, 3))).isEqualTo("33.00");
    assertThat(PERCENT.text(new Interval(33, Double.NaN, 1))).isEqualTo("33.00");
  }

  @Test
  void neverWritesAnIntervalAsZero() {
    assertThat(PERCENT.text(new Interval(86.5, 0.0004, 3))).isEqualTo("86.50 ± <0.01");
  }

  @Test
  void writesCountsWholeWithSeparators() {
    Numbers numbers = Numbers.of("", List.of(new Interval(1_470_474, 0, 3)));

    assertThat(numbers.text(1_470_474)).isEqualTo("1,470,474");
  }

  @Test
  void givesSmallNumbersFourSignificantDigits() {
    Numbers numbers =
        Numbers.of("s", List.of(new Interval(0.001534, 0.00002, 3), new Interval(0.0002, 0, 3)));

    assertThat(numbers.text(0.0015337)).isEqualTo("0.001534");
  }

  @Test
  void roundsToTwoSignificantDigitsOfTheHalfWidth() {
    Numbers seconds = Numbers.of("s", List.of(new Interval(0.0004594, 0, 3)));

    assertThat(seconds.text(new Interval(0.00045942, 0.00019024, 3)))
        .isEqualTo("0.00046 ± 0.00019");
    assertThat(seconds.text(new Interval(0.00040769, 0.000011738, 3)))
        .isEqualTo("0.000408 ± 0.000012");
    assertThat(seconds.text(new Interval(1.25, 0.3, 3))).isEqualTo("1.25 ± 0.30");
    assertThat(seconds.text(new Interval(1.25, 0.0996, 3))).isEqualTo("1.25 ± 0.10");
    assertThat(seconds.text(new Interval(1234.5, 98.7, 3))).isEqualTo("1,235 ± 99");
    assertThat(seconds.text(new Interval(1234.5, 1987, 3))).isEqualTo("1,235 ± 1,987");
  }

  @Test
  void keepsTheDigitsOfPercentsWhateverTheHalfWidth() {
    Numbers numbers = Numbers.of("%", List.of());

    assertThat(numbers.text(new Interval(93.5499, 13.0612, 3))).isEqualTo("93.55 ± 13.06");
  }

  @Test
  void writesWhatIsNotFinite() {
    assertThat(PERCENT.text(Double.NaN)).isEqualTo("NaN");
    assertThat(PERCENT.text(Double.POSITIVE_INFINITY)).isEqualTo("∞");
    assertThat(PERCENT.text(Double.NEGATIVE_INFINITY)).isEqualTo("−∞");
    assertThat(Numbers.of("", List.of(Interval.of(List.of(Double.NaN)))).text(Double.NaN))
        .isEqualTo("NaN");
  }

  @Test
  void signsDifferencesButNotNothing() {
    assertThat(PERCENT.signed(0.5)).isEqualTo("+0.50");
    assertThat(PERCENT.signed(-0.5)).isEqualTo("−0.50");
    assertThat(PERCENT.signed(-0.001)).isEqualTo("0.00");
    assertThat(PERCENT.signed(0.001)).isEqualTo("0.00");
  }
}

package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PairedTestTest {
  /**
   * Differences in height of fifteen pairs of maize plants, crossed minus self-fertilised, in
   * eighths of an inch: Darwin (1876), in Fisher, "The Design of Experiments" (1935), section 17.
   */
  static final List<Double> DARWIN =
      List.of(
          49.0, -67.0, 8.0, 16.0, 6.0, 23.0, 28.0, 41.0, 14.0, 29.0, 56.0, 24.0, 75.0, 60.0, -48.0);

  /**
   * Hours of sleep gained by ten patients with two drugs: Student, "The Probable Error of a Mean"
   * (1908), which R has as {@code sleep}; {@code t.test(extra ~ group, paired = TRUE)} gives t =
   * -4.0621, df = 9, p-value = 0.002833.
   */
  static final double[] FIRST = {0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};

  static final double[] SECOND = {1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};

  static List<Double> sleep() {
    return IntStream.range(0, FIRST.length).mapToObj(i -> FIRST[i] - SECOND[i]).toList();
  }

  @Test
  void givesWhatStudentsSleepDataGive() {
    PairedTest test = PairedTest.of(sleep());

    assertThat(test.t()).isCloseTo(-4.0621, within(5e-5));
    assertThat(test.df()).isEqualTo(9);
    assertThat(test.p()).isCloseTo(0.002833, within(5e-7));
  }

  /** Fisher gives t = 2.148 with 14 degrees of freedom, just beyond the 5 per cent point 2.145. */
  @Test
  void givesWhatFisherFindsForDarwinsMaize() {
    PairedTest test = PairedTest.of(DARWIN);

    assertThat(test.t()).isCloseTo(2.148, within(5e-4));
    assertThat(test.df()).isEqualTo(14);
    assertThat(test.p()).isBetween(0.049, 0.05);
  }

  @Test
  void refusesWhatHasNoVariance() {
    assertThatThrownBy(() -> PairedTest.of(List.of(0.5, 0.5, 0.5)))
        .hasMessageContaining("differences that vary");
    assertThatThrownBy(() -> PairedTest.of(List.of(0.5)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}

package io.secateur.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SplitMixTest {
  @Test
  void givesThePublishedNumbersOfItsAlgorithm() {
    SplitMix random = new SplitMix();

    assertThat(random.next()).isEqualTo(0xe220a8397b1dcdafL);
    assertThat(random.next()).isEqualTo(0x6e789e6aa1b965f4L);
    assertThat(random.next()).isEqualTo(0x06c45d188009454fL);
  }

  @Test
  void everyKeyMakesAnotherStream() {
    long first = new SplitMix(1, 2, 3).next();

    assertThat(new SplitMix(1, 2, 3).next()).isEqualTo(first);
    assertThat(new SplitMix(0, 2, 3).next()).isNotEqualTo(first);
    assertThat(new SplitMix(1, 0, 3).next()).isNotEqualTo(first);
    assertThat(new SplitMix(1, 2, 0).next()).isNotEqualTo(first);
    assertThat(new SplitMix(2, 1, 3).next()).isNotEqualTo(first);
  }

  @Test
  void bellShapedNumbersHaveMeanZeroAndDeviationOne() {
    SplitMix random = new SplitMix(5);
    int count = 100_000;
    double sum = 0;
    double squares = 0;
    double largest = 0;
    for (int i = 0; i < count; i++) {
      double value = random.bell();
      sum += value;
      squares += value * value;
      largest = Math.max(largest, Math.abs(value));
    }

    assertThat(sum / count).isCloseTo(0, within(0.02));
    assertThat(squares / count).isCloseTo(1, within(0.02));
    assertThat(largest).isBetween(3.0, 3.47);
  }

  @Test
  void wholeNumbersStayBelowTheirBoundAndReachAllBelow() {
    SplitMix random = new SplitMix(6);
    int[] seen = new int[7];
    for (int i = 0; i < 7000; i++) {
      seen[random.below(7)]++;
    }

    for (int count : seen) {
      assertThat(count).isBetween(850, 1150);
    }
  }
}

package io.secateur.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class LearningRateTest {
  @Test
  void aPlainNumberIsAConstantRate() {
    assertThat(LearningRate.of(0.5)).isEqualTo(new LearningRate.Constant(0.5));
    assertThat(LearningRate.of(0.5).at(7)).isEqualTo(0.5);
  }

  @Test
  void stepsDownEveryFewEpochs() {
    LearningRate rate = new LearningRate.Step(8, 2, 0.5);

    assertThat(new double[] {rate.at(0), rate.at(1), rate.at(2), rate.at(3), rate.at(4)})
        .containsExactly(8, 8, 4, 4, 2);
  }

  @Test
  void refusesWhatIsNoRate() {
    for (double rate : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> LearningRate.of(rate))
          .withMessage("a learning rate must be above 0 and finite, was " + rate);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LearningRate.Step(1, 0, 0.5))
        .withMessage("a learning rate steps every 1 or more epochs, was 0");
  }
}

package io.secateur.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Golden values are those of PyTorch 1.13.1's torch.optim.lr_scheduler. */
class LearningRateTest {
  private static final Offset<Double> EXACT = within(1e-15);

  /** Rates at the beginning of each of five epochs. */
  private static double[] epochs(LearningRate rate) {
    return LongStream.range(0, 5)
        .mapToDouble(epoch -> rate.at(new LearningRate.Moment(10 * epoch, 10, 50)))
        .toArray();
  }

  @Test
  void aPlainNumberIsAConstantRate() {
    assertThat(LearningRate.of(0.5)).isEqualTo(new LearningRate.Constant(0.5));
    assertThat(epochs(LearningRate.of(0.5))).containsOnly(0.5);
  }

  @Test
  void stepsDownEveryFewEpochs() {
    assertThat(epochs(new LearningRate.Step(8, 2, 0.5))).containsExactly(8, 8, 4, 4, 2);
    assertThat(epochs(new LearningRate.Step(0.5, 2, 0.1)))
        .containsExactly(new double[] {0.5, 0.5, 0.05, 0.05, 0.005}, EXACT);
  }

  @Test
  void fallsByAFactorEveryEpoch() {
    assertThat(epochs(new LearningRate.Exponential(1, 0.7)))
        .containsExactly(
            new double[] {1, 0.7, 0.48999999999999994, 0.3429999999999999, 0.24009999999999992},
            EXACT);
  }

  @Test
  void stepsDownAtNamedEpochs() {
    assertThat(epochs(new LearningRate.MultiStep(0.5, List.of(1, 3), 0.1)))
        .containsExactly(new double[] {0.5, 0.05, 0.05, 0.005, 0.005}, EXACT);
  }

  @Test
  void annealsAlongACosineOverTheWholeTraining() {
    double[] torch = {
      0.1, 0.09140576474687263, 0.06890576474687263, 0.04109423525312736, 0.018594235253127367
    };
    assertThat(epochs(new LearningRate.Cosine(0.1, Optional.of(0.01), Optional.empty())))
        .containsExactly(torch, EXACT);
    assertThat(epochs(new LearningRate.Cosine(0.1, Optional.of(0.01), Optional.of(5))))
        .containsExactly(torch, EXACT);
  }

  @Test
  void aCosineStaysAtItsMinimum() {
    assertThat(epochs(new LearningRate.Cosine(1, Optional.empty(), Optional.of(2))))
        .containsExactly(new double[] {1, 0.5, 0, 0, 0}, EXACT);
  }

  @Test
  void aShortLastEpochCountsForACosine() {
    LearningRate cosine = new LearningRate.Cosine(1, Optional.empty(), Optional.empty());
    assertThat(cosine.at(new LearningRate.Moment(10, 10, 11))).isCloseTo(0.5, EXACT);
  }

  @Test
  void warmsUpStepByStep() {
    LearningRate rate =
        new LearningRate.WarmUp(
            Optional.of(4L), Optional.empty(), Optional.of(0.05), LearningRate.of(0.2));

    double[] rates =
        LongStream.range(0, 7)
            .mapToDouble(step -> rate.at(new LearningRate.Moment(step, 10, 50)))
            .toArray();

    assertThat(rates)
        .containsExactly(new double[] {0.05, 0.0875, 0.125, 0.1625, 0.2, 0.2, 0.2}, EXACT);
  }

  @Test
  void warmsUpOverEpochsToWhatFollowsIsThen() {
    LearningRate rate =
        new LearningRate.WarmUp(
            Optional.empty(),
            Optional.of(2),
            Optional.empty(),
            new LearningRate.Exponential(1, 0.5));

    assertThat(epochs(rate)).containsExactly(0, 0.125, 0.25, 0.125, 0.0625);
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
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LearningRate.Exponential(0, 0.5))
        .withMessage("the initial learning rate must be above 0 and finite, was 0.0");
  }

  @Test
  void refusesSchedulesThatCannotBe() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LearningRate.MultiStep(1, List.of(3, 3), 0.5))
        .withMessage(
            "the epochs at which a learning rate steps are ascending and at least 1, were [3, 3]");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LearningRate.Cosine(0.1, Optional.of(0.2), Optional.empty()))
        .withMessage("the minimum of a learning rate must be from 0 to its initial 0.1, was 0.2");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new LearningRate.Cosine(0.1, Optional.empty(), Optional.of(0)))
        .withMessage("a cosine takes 1 or more epochs, was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new LearningRate.WarmUp(
                    Optional.of(4L), Optional.of(1), Optional.empty(), LearningRate.of(1)))
        .withMessage(
            "a warm-up takes steps or epochs, one of the two: warm-up: {epochs: 5, then: 0.1}");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new LearningRate.WarmUp(
                    Optional.of(0L), Optional.empty(), Optional.empty(), LearningRate.of(1)))
        .withMessage("a warm-up takes 1 or more steps or epochs, was 0");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new LearningRate.WarmUp(
                    Optional.of(1L), Optional.empty(), Optional.of(-1.0), LearningRate.of(1)))
        .withMessage("a warm-up starts from a rate of at least 0, was -1.0");
  }
}

package io.secateur.stage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.secateur.spi.Point;
import org.junit.jupiter.api.Test;

class RewindToTest {
  @Test
  void wordsNameTheTargetsWithoutSettings() {
    assertThat(RewindTo.of("init")).isEqualTo(new RewindTo.Init());
    assertThat(RewindTo.of("learning-rate")).isEqualTo(new RewindTo.LearningRate());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> RewindTo.of("dense"))
        .withMessage(
            "a rewind goes to init, learning-rate, {label: NAME}, {epoch: N}, {step: N} or {round:"
                + " N}, not dense");
  }

  @Test
  void eachTargetTakesTheCheckpointOfItsMoment() {
    assertThat(new RewindTo.Init().point()).contains(new Point.Init());
    assertThat(new RewindTo.Label("dense").point()).contains(new Point.Label("dense"));
    assertThat(new RewindTo.Epoch(2).point()).contains(new Point.Epoch(2));
    assertThat(new RewindTo.Step(500).point()).contains(new Point.Step(500));
    assertThat(new RewindTo.LearningRate().point()).isEmpty();
  }

  @Test
  void onlyEpochsAndStepsLieWithinATraining() {
    assertThat(new RewindTo.Epoch(1).resumes()).isTrue();
    assertThat(new RewindTo.Step(1).resumes()).isTrue();
    assertThat(new RewindTo.Init().resumes()).isFalse();
    assertThat(new RewindTo.Label("dense").resumes()).isFalse();
    assertThat(new RewindTo.LearningRate().resumes()).isFalse();
  }

  @Test
  void refusesMomentsBeforeTheBeginning() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RewindTo.Epoch(-1))
        .withMessage("the epoch to rewind to is at least 0, was -1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RewindTo.Step(-2))
        .withMessage("the step to rewind to is at least 0, was -2");
    assertThatIllegalArgumentException().isThrownBy(() -> new RewindTo.Label(" "));
  }
}

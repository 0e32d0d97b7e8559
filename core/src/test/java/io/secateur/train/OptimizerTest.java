package io.secateur.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class OptimizerTest {
  @Test
  void defaultsArePyTorchs() {
    assertThat(new Optimizer.Adam())
        .isEqualTo(new Optimizer.Adam(LearningRate.of(0.001), 0.9, 0.999, 1e-8, 0));
    assertThat(new Optimizer.Sgd().momentum()).isZero();
    assertThat(new Optimizer.Adamw())
        .isEqualTo(new Optimizer.Adamw(LearningRate.of(0.001), 0.9, 0.999, 1e-8, 0.01));
    assertThat(new Optimizer.Adadelta())
        .isEqualTo(new Optimizer.Adadelta(LearningRate.of(1), 0.9, 1e-6, 0));
    assertThat(new Optimizer.Rmsprop())
        .isEqualTo(new Optimizer.Rmsprop(LearningRate.of(0.01), 0.99, 1e-8, 0, false, 0));
  }

  @Test
  void refusesSettingsThatNoOptimiserHas() {
    LearningRate rate = LearningRate.of(1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Optimizer.Sgd(rate, 1, 0, false))
        .withMessage("momentum must be at least 0 and below 1, was 1.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Optimizer.Sgd(rate, 0, -1, false))
        .withMessage("weight decay must be at least 0 and finite, was -1.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Optimizer.Sgd(rate, 0, 0, true))
        .withMessage("Nesterov momentum needs a momentum above 0, was 0.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Optimizer.Adam(rate, 0.9, Double.NaN, 1e-8, 0))
        .withMessage("beta2 must be at least 0 and below 1, was NaN");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Optimizer.Adam(rate, 0.9, 0.999, 0, 0))
        .withMessage("epsilon must be a float32 number above 0, was 0.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Optimizer.Adadelta(rate, 1, 1e-6, 0))
        .withMessage("rho must be at least 0 and below 1, was 1.0");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Optimizer.Rmsprop(rate, -0.1, 1e-8, 0, false, 0))
        .withMessage("alpha must be at least 0 and below 1, was -0.1");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Optimizer.Adamw(rate, 0.9, 0.999, 1e-8, -1))
        .withMessage("weight decay must be at least 0 and finite, was -1.0");
  }
}

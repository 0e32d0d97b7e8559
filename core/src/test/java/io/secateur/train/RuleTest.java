package io.secateur.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Optimisers against hand-computed steps and against the papers' equations in double precision. */
class RuleTest {
  private static final LearningRate RATE = LearningRate.of(0.1);

  @Test
  void plainDescentSubtractsTheGradientTimesTheRate() {
    float[] weights = {1, -2};

    Rule.of(new Optimizer.Sgd(RATE, 0, 0, false))
        .update(weights, new float[] {10, 5}, new float[0][], 2, 0.1, 1);

    assertThat(weights).containsExactly(0, -2.5f);
  }

  @Test
  void momentumStartsAsTheFirstGradient() {
    float[] weights = {1};
    float[][] slots = {{0}};
    Rule rule = Rule.of(new Optimizer.Sgd(RATE, 0.5, 0, false));

    rule.update(weights, new float[] {4}, slots, 1, 0.25, 1);
    assertThat(weights).containsExactly(0);
    rule.update(weights, new float[] {2}, slots, 1, 0.25, 2);

    assertThat(slots[0]).containsExactly(0.5f * 4 + 2);
    assertThat(weights).containsExactly(-1);
  }

  @Test
  void nesterovLooksOneMomentumAhead() {
    float[] weights = {0};
    float[][] slots = {{0}};

    Rule.of(new Optimizer.Sgd(RATE, 0.5, 0, true))
        .update(weights, new float[] {4}, slots, 1, 0.25, 1);

    assertThat(weights).containsExactly(-0.25f * (4 + 0.5f * 4));
  }

  @Test
  void decayIsAddedToTheGradient() {
    float[] weights = {8};

    Rule.of(new Optimizer.Sgd(RATE, 0, 0.25, false))
        .update(weights, new float[] {2}, new float[0][], 1, 0.5, 1);

    assertThat(weights).containsExactly(8 - 0.5f * (2 + 0.25f * 8));
  }

  @Test
  void adamsFirstStepIsTheRateWhateverTheGradientsSize() {
    float[] weights = {1, 1, 1};

    Rule.of(new Optimizer.Adam())
        .update(weights, new float[] {1e-3f, -50, 0}, new float[2][3], 3, 0.1, 1);

    assertThat(weights[0]).isCloseTo(0.9f, within(1e-5f));
    assertThat(weights[1]).isCloseTo(1.1f, within(1e-5f));
    assertThat(weights[2]).isEqualTo(1);
  }

  @Test
  void descentFollowsItsEquationsOverManySteps() {
    for (boolean nesterov : new boolean[] {false, true}) {
      double momentum = 0.9;
      double decay = 0.01;
      double[] w = {0.3};
      double[] b = {0};
      follows(
          new Optimizer.Sgd(RATE, momentum, decay, nesterov),
          (gradient, rate, step) -> {
            double d = gradient + decay * w[0];
            b[0] = step == 1 ? d : momentum * b[0] + d;
            w[0] -= rate * (nesterov ? d + momentum * b[0] : b[0]);
            return w[0];
          });
    }
  }

  @Test
  void adamFollowsItsEquationsOverManySteps() {
    double decay = 0.01;
    double[] w = {0.3};
    double[] m = {0};
    double[] v = {0};
    follows(
        new Optimizer.Adam(RATE, 0.8, 0.99, 1e-6, decay),
        (gradient, rate, step) -> {
          double d = gradient + decay * w[0];
          m[0] = 0.8 * m[0] + 0.2 * d;
          v[0] = 0.99 * v[0] + 0.01 * d * d;
          double mean = m[0] / (1 - Math.pow(0.8, step));
          double square = v[0] / (1 - Math.pow(0.99, step));
          w[0] -= rate * mean / (Math.sqrt(square) + 1e-6);
          return w[0];
        });
  }

  private interface Equations {
    double step(double gradient, double rate, int step);
  }

  private static void follows(Optimizer optimizer, Equations equations) {
    Rule rule = Rule.of(optimizer);
    float[] weights = {0.3f};
    float[][] slots = new float[rule.slots().size()][1];
    SplittableRandom random = new SplittableRandom(5);
    for (int step = 1; step <= 200; step++) {
      float gradient = (float) random.nextDouble(-1, 1);
      double rate = 0.05 / step;
      rule.update(weights, new float[] {gradient}, slots, 1, rate, step);
      assertThat((double) weights[0])
          .as("%s after step %d", optimizer, step)
          .isCloseTo(equations.step(gradient, rate, step), within(2e-6));
    }
  }
}

package io.secateur.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Optimisers against PyTorch 1.13.1: four weights after ten steps of torch.optim in float64, with
 * gradients {@code sin(1.7 step + i) · 10^(i−1)}.
 */
class OptimizerValuesTest {
  private static LearningRate rate(double rate) {
    return LearningRate.of(rate);
  }

  static Stream<Arguments> torch() {
    return Stream.of(
        Arguments.of(
            new Optimizer.Sgd(rate(0.1), 0.9, 0.01, false),
            new double[] {
              0.25761564261308134, -1.0025953434279107, 6.527000377070057, 35.03551960058943
            }),
        Arguments.of(
            new Optimizer.Adam(),
            new double[] {
              0.2981641836870751, -1.2000762847206865, 2.0028849094442442, 0.0520524048817715
            }),
        Arguments.of(
            new Optimizer.Adam(rate(0.02), 0.9, 0.999, 1e-8, 0.1),
            new double[] {
              0.20864279066093894, -1.1726993634975151, 2.0530794173624956, 0.09103060159453494
            }),
        Arguments.of(
            new Optimizer.Adamw(),
            new double[] {
              0.2981343224975876, -1.1999562567132764, 2.0026847162242762, 0.05204725448768592
            }),
        Arguments.of(
            new Optimizer.Adamw(rate(0.05), 0.8, 0.95, 1e-6, 0.3),
            new double[] {
              0.18860483542770345, -1.0317306561371218, 1.8362426884434326, 0.12143473091195578
            }),
        Arguments.of(
            new Optimizer.Adadelta(),
            new double[] {
              0.30009958207458975, -1.197008281587689, 2.0050395932302134, 0.05059757684271299
            }),
        Arguments.of(
            new Optimizer.Adadelta(rate(0.5), 0.7, 1e-3, 0.1),
            new double[] {
              0.24133793767981515, -1.1302413603869321, 2.037817289574078, 0.05424583592517506
            }),
        Arguments.of(
            new Optimizer.Rmsprop(),
            new double[] {
              0.26346230354120115, -1.200720442532978, 2.1371287286455125, 0.09791753098747306
            }),
        Arguments.of(
            new Optimizer.Rmsprop(rate(0.02), 0.9, 1e-4, 0.5, false, 0.1),
            new double[] {
              0.12123569729412782, -1.1501968778265774, 2.1559597117882667, 0.12423910815856051
            }),
        Arguments.of(
            new Optimizer.Rmsprop(rate(0.02), 0.9, 1e-4, 0.5, true, 0),
            new double[] {
              0.23156792962666256, -1.2251271276504274, 2.187432625521065, 0.1321787888005463
            }));
  }

  @ParameterizedTest
  @MethodSource("torch")
  void tenStepsEndWherePyTorchsDo(Optimizer optimizer, double[] expected) {
    Rule rule = Rule.of(optimizer);
    float[] weights = {0.3f, -1.2f, 2, 0.05f};
    float[][] slots = new float[rule.slots().size()][4];
    for (int step = 1; step <= 10; step++) {
      float[] gradients = new float[4];
      for (int i = 0; i < 4; i++) {
        gradients[i] = (float) (StrictMath.sin(step * 1.7 + i) * StrictMath.pow(10, i - 1));
      }
      double rate = optimizer.learningRate().at(new LearningRate.Moment(step - 1, 10, 10));
      rule.update(weights, gradients, slots, 4, rate, step);
    }
    for (int i = 0; i < 4; i++) {
      // One per million.
      assertThat((double) weights[i]).isCloseTo(expected[i], withinPercentage(1e-4));
    }
  }
}

package io.secateur.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InitialisationTest {
  private static final Architecture NET =
      new Architecture(new Shape(400), List.of(new Linear("a", 300), new Linear("b", 200)));

  @Test
  void drawsPyTorchsUniformWithinOneOverTheRootOfTheFanIn() {
    float[] weights = draw(Initialisation.PYTORCH, 1, "a.weight");
    float[] biases = draw(Initialisation.PYTORCH, 1, "a.bias");

    assertThat(largest(weights)).isLessThanOrEqualTo(0.05f).isGreaterThan(0.0499f);
    assertThat(largest(biases)).isLessThanOrEqualTo(0.05f).isGreaterThan(0.045f);
    assertThat(mean(weights)).isBetween(-3e-4, 3e-4);
    // Uniform in ±b has variance b² / 3.
    assertThat(variance(weights) / (0.05 * 0.05 / 3)).isBetween(0.98, 1.02);
  }

  @Test
  void drawsGlorotsNormalWithZeroBiases() {
    float[] weights = draw(Initialisation.GLOROT_NORMAL, 1, "a.weight");

    assertThat(variance(weights) / (2.0 / 700)).isBetween(0.98, 1.02);
    assertThat(mean(weights)).isBetween(-1e-3, 1e-3);
    assertThat(draw(Initialisation.GLOROT_NORMAL, 1, "a.bias")).containsOnly(0);
  }

  @Test
  void givesEqualParametersForEqualSeedsAndOthersForOthers() {
    Map<String, Tensor> first = NET.initialise(Initialisation.PYTORCH, 7);

    assertThat(NET.initialise(Initialisation.PYTORCH, 7)).isEqualTo(first);
    assertThat(NET.initialise(Initialisation.PYTORCH, 8).get("a.weight"))
        .isNotEqualTo(first.get("a.weight"));
  }

  @Test
  void givesEachParameterAStreamOfItsOwn() {
    Architecture longer =
        new Architecture(
            new Shape(400),
            List.of(new Linear("zero", 400), new Linear("a", 300), new Linear("b", 200)));

    Map<String, Tensor> shared = longer.initialise(Initialisation.PYTORCH, 7);

    assertThat(shared.get("a.weight"))
        .isEqualTo(NET.initialise(Initialisation.PYTORCH, 7).get("a.weight"));
    float[] a = Naive.value(shared, "a.weight").toFloats();
    float[] zero = Naive.value(shared, "zero.weight").toFloats();
    double product = 0;
    for (int i = 0; i < a.length; i++) {
      product += a[i] * zero[i];
    }
    // Correlation of independent streams: within 4 / √n.
    assertThat(Math.abs(product / a.length / (0.05 * 0.05 / 3)))
        .isLessThan(4 / Math.sqrt(a.length));
  }

  private static float[] draw(Initialisation how, long seed, String name) {
    return Naive.value(NET.initialise(how, seed), name).toFloats();
  }

  private static float largest(float[] values) {
    float largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  private static double mean(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum / values.length;
  }

  private static double variance(float[] values) {
    double mean = mean(values);
    double sum = 0;
    for (float value : values) {
      sum += (value - mean) * (value - mean);
    }
    return sum / values.length;
  }
}

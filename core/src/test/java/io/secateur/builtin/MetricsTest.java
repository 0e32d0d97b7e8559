package io.secateur.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Linear;
import io.secateur.model.Tensor;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Mask;
import io.secateur.spi.Metric;
import io.secateur.spi.Task;
import io.secateur.zoo.MnistCnn;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class MetricsTest {
  /** Two layers; a.weight has a zero that is pruned and one that is not, a.bias is all zero. */
  private static final Checkpoint MODEL =
      new Checkpoint(
              new Architecture(
                  new Shape(3), List.of(new Linear("a", 2, true), new Linear("b", 4, false))),
              Map.of(
                  "a.weight", Tensor.of(new Shape(2, 3), 0, 1, -0f, 2, 3, 4),
                  "a.bias", Tensor.of(new Shape(2), 0, 0),
                  "b.weight", Tensor.of(new Shape(4, 2), 1, 2, 3, 4, 5, 6, 7, 8)))
          .withMasks(Map.of("a.weight", Mask.of(Form.matrix(2, 3), new byte[] {0b111110})));

  @Test
  void countsZerosPerWeightOverPrunableWeightsAndOverTheModel() {
    List<Metric.Value> values = new Sparsity().measure(MODEL);
    assertThat(values)
        .contains(
            new Metric.Value("sparsity", 100 * 2 / 14.0, ""),
            new Metric.Value("sparsity/model", 100 * 4 / 16.0, ""),
            new Metric.Value("sparsity", 100 * 2 / 6.0, "a.weight"),
            new Metric.Value("sparsity", 0, "b.weight"));
  }

  @Test
  void countsMaskBitsApartFromZeros() {
    assertThat(new Sparsity().measure(MODEL))
        .contains(
            new Metric.Value("pruned", 1, ""),
            new Metric.Value("pruned", 1, "a.weight"),
            new Metric.Value("pruned", 0, "b.weight"));
  }

  @Test
  void dividesAllParametersByThoseThatAreNotZero() {
    assertThat(new Parameters().measure(MODEL))
        .containsExactly(
            new Metric.Value("parameters", 16),
            new Metric.Value("non-zero-parameters", 12),
            new Metric.Value("compression", 16 / 12.0));
  }

  @Test
  void computesTheIdealSizeFromBits() {
    assertThat(new IdealSize().measure(MODEL))
        .containsExactly(new Metric.Value("ideal-size", 12 * 4 / 1048576.0));
    assertThat(new IdealSize(8).measure(MODEL))
        .containsExactly(new Metric.Value("ideal-size", 12 / 1048576.0));
    assertThatThrownBy(() -> new IdealSize(0)).hasMessage("bits must be from 1 to 64, was 0");
  }

  @Test
  void givesTheDemosSizeForItsNetwork() {
    Architecture cnn =
        new MnistCnn().architecture(new Task.Classification(new Shape(1, 28, 28), 10));
    assertThat(String.format("%.2f", cnn.parameterCount() * 4 / 1048576.0)).isEqualTo("4.58");
  }

  @Test
  void measuresAccuracyOnLabelsAndTokensOnly() {
    assertThat(new Accuracy().suits(new Task.Classification(new Shape(1), 2))).isTrue();
    assertThat(new Accuracy().suits(new Task.TokenPrediction(new Shape(8), 2))).isTrue();
    assertThat(new Accuracy().suits(new Task.Regression(new Shape(1), 2))).isFalse();
  }

  @Test
  void namesEveryQuantityOnceAmongAllMetrics() {
    Set<String> names = new HashSet<>();
    int metrics = 0;
    for (Metric metric : ServiceLoader.load(Metric.class)) {
      metrics++;
      assertThat(metric.description()).as(metric.name()).isNotBlank();
      for (Metric.Quantity quantity : metric.quantities()) {
        assertThat(names.add(quantity.name())).as(quantity.name()).isTrue();
      }
    }
    assertThat(metrics).isGreaterThanOrEqualTo(7);
  }
}

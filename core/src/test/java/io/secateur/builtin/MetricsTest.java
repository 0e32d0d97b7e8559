package io.secateur.builtin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Conv2d;
import io.secateur.model.Flatten;
import io.secateur.model.Grid;
import io.secateur.model.Initialisation;
import io.secateur.model.Linear;
import io.secateur.model.Quantization;
import io.secateur.model.Tensor;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Mask;
import io.secateur.spi.Metric;
import io.secateur.spi.Task;
import io.secateur.zoo.MnistCnn;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** Two of three integers are not 0, with a scale each row; of floats beside them two are not. */
  @Test
  void countsIntegersByTheirOwnBits() {
    Grid grid = new Grid(Tensor.of(new Shape(3), 0.5f, 0.5f, 0.5f), 127);
    Grid wide = new Grid(Tensor.of(new Shape(1), 0.25f), 1 << 20);
    Architecture net =
        new Architecture(
            new Shape(1), List.of(new Linear("a", 3, true), new Linear("b", 1, false)));
    Checkpoint model =
        new Checkpoint(
                net,
                Map.of(
                    "a.weight", Tensor.of(new Shape(3, 1), 1f, 0f, 2f),
                    "a.bias", Tensor.of(new Shape(3), 1f, 0f, 0f),
                    "b.weight", Tensor.of(new Shape(1, 3), 0.1f, 0.2f, 0f)))
            .withQuantization(
                Optional.of(
                    new Quantization(
                        Map.of("a.weight", grid, "a.bias", wide), Map.of(), Set.of())));

    double bits = 2 * 8 + 3 * 32 + 1 * 32 + 1 * 32 + 2 * 16;
    assertThat(new IdealSize(16).measure(model))
        .containsExactly(new Metric.Value("ideal-size", bits / 8 / 1048576));
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
  void ranksLabelsAndCountsOnRegressionsOnlyTheErrors() {
    assertThat(new TopFive().suits(new Task.Classification(new Shape(1), 5))).isFalse();
    assertThat(new TopFive().suits(new Task.Classification(new Shape(1), 6))).isTrue();
    assertThat(new TopFive().suits(new Task.Regression(new Shape(1), 6))).isFalse();
    assertThat(new Mse().suits(new Task.Regression(new Shape(1), 1))).isTrue();
    assertThat(new Mae().suits(new Task.Classification(new Shape(1), 2))).isFalse();
  }

  @Test
  void countsMultiplyAccumulatesByTheRuleThatIsNamed() {
    Architecture net =
        new Architecture(
            new Shape(3, 8, 8), List.of(new Conv2d("c", 16, 3, 1, 1), new Flatten("f")));
    Checkpoint conv = new Checkpoint(net, net.initialise(Initialisation.PYTORCH, 1));
    assertThat(new Macs().measure(conv)).contains(new Metric.Value("macs/dense", 27_648, ""));
    net = new Architecture(new Shape(16), List.of(new Linear("a", 32)));
    Checkpoint linear = new Checkpoint(net, net.initialise(Initialisation.PYTORCH, 1));
    assertThat(new Macs().measure(linear)).contains(new Metric.Value("macs/dense", 512, ""));
  }

  @Test
  void countsOnlyMultiplyAccumulatesWhoseWeightIsNotZero() {
    assertThat(new Macs().measure(MODEL))
        .containsExactly(
            new Metric.Value("macs/dense", 14),
            new Metric.Value("macs/non-zero", 12),
            new Metric.Value("speed-up/theoretical", 14 / 12.0),
            new Metric.Value("macs/dense", 6, "a.weight"),
            new Metric.Value("macs/non-zero", 4, "a.weight"),
            new Metric.Value("macs/dense", 8, "b.weight"),
            new Metric.Value("macs/non-zero", 8, "b.weight"));
  }

  @Test
  void countsAConvolutionsWeightAtEveryPosition() {
    Architecture net = new Architecture(new Shape(1, 4, 4), List.of(new Conv2d("c", 2, 2, 1, 0)));
    Checkpoint conv =
        new Checkpoint(
            net,
            Map.of(
                "c.weight", Tensor.of(new Shape(2, 1, 2, 2), 1, 0, 0, 0, 0, 0, 0, 2),
                "c.bias", Tensor.of(new Shape(2), 1, 1)));
    assertThat(new Macs().measure(conv))
        .contains(
            new Metric.Value("macs/dense", 9 * 8, ""),
            new Metric.Value("macs/non-zero", 9 * 2, ""),
            new Metric.Value("speed-up/theoretical", 4, ""));
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
    assertThat(metrics).isGreaterThanOrEqualTo(12);
  }
}

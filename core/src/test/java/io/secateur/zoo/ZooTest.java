package io.secateur.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Initialisation;
import io.secateur.model.ParameterSpec;
import io.secateur.spi.ModelSource;
import io.secateur.spi.Task;
import java.io.IOException;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ZooTest {
  private static final Task MNIST = new Task.Classification(new Shape(1, 28, 28), 10);

  private static final Task CIFAR = new Task.Classification(new Shape(3, 32, 32), 10);

  @Test
  void isFoundAsPlugins() {
    assertThat(ServiceLoader.load(ModelSource.class).stream().map(found -> found.get().name()))
        .contains(
            "ffn", "lenet-300-100", "mnist-cnn", "cifar-cnn", "conv-2", "conv-4", "conv-6", "mlp");
  }

  @Test
  void hasThePublishedSizes() {
    assertThat(new MnistCnn().architecture(MNIST).parameterCount()).isEqualTo(1_199_882);
    assertThat(weights(new Lenet300100().architecture(MNIST))).isEqualTo(266_200);
    Task cropped = new Task.Classification(new Shape(1, 20, 20), 10);
    assertThat(new Ffn().architecture(cropped).parameterCount()).isEqualTo(1_470_474);
    assertThat(weights(new Ffn().architecture(cropped))).isEqualTo(1_468_416);
  }

  @Test
  void hasTheLotteryPapersConvolutionalNetworks() {
    // Figure 2 of Frankle and Carbin has 4.3 M, 2.4 M and 1.7 M weights. The layers it lists for
    // Conv-6 add up to 2.26 M: 1.14 M in convolutions, as it says, and 1.12 M in what follows.
    assertThat(weights(new Conv2().architecture(CIFAR))).isEqualTo(4_300_992);
    assertThat(weights(new Conv4().architecture(CIFAR))).isEqualTo(2_425_024);
    assertThat(weights(new Conv6().architecture(CIFAR))).isEqualTo(2_261_184);
  }

  @Test
  void hasTheResidualNetworksOfTheirPaper() {
    // Parameters of the published weights; the paper rounds to 0.27, 0.46, 0.66 and 0.85 M.
    assertThat(trained(new Resnet20())).isEqualTo(269_722);
    assertThat(trained(new Resnet32())).isEqualTo(464_154);
    assertThat(trained(new Resnet44())).isEqualTo(658_586);
    assertThat(trained(new Resnet56())).isEqualTo(853_018);
    assertThat(new Resnet20().description()).contains("ResNet-20", "269,722");
  }

  private static long trained(ModelSource model) {
    return model.architecture(CIFAR).parameters().stream()
        .filter(ParameterSpec::trainable)
        .mapToLong(spec -> spec.shape().size())
        .sum();
  }

  @Test
  void flattensTheCifarNetworkToSixBySix() {
    Architecture cnn = new CifarCnn().architecture(CIFAR);

    assertThat(cnn.parameter("fc1.weight").shape()).isEqualTo(new Shape(384, 64 * 6 * 6));
    assertThat(cnn.parameterCount()).isEqualTo(927_690);
  }

  @Test
  void leavesOutUnitsOfAPerceptronWhileTraining() {
    Mlp mlp = new Mlp(List.of(8, 4), 0.5, Initialisation.PYTORCH);
    Architecture architecture = mlp.architecture(new Task.Regression(new Shape(10), 1));

    assertThat(architecture.layers().stream().map(layer -> layer.name()))
        .containsExactly("fc1", "relu1", "dropout1", "fc2", "relu2", "dropout2", "out");
    assertThatThrownBy(() -> new Mlp(List.of(8), 1, Initialisation.PYTORCH))
        .hasMessage("dropout must be at least 0 and below 1, was 1.0");
  }

  private static long weights(Architecture architecture) {
    return architecture.prunable().stream().mapToLong(spec -> spec.shape().size()).sum();
  }

  @Test
  void namesTheFeedForwardParameters() {
    Ffn ffn = new Ffn(List.of(7, 5), Initialisation.PYTORCH);

    assertThat(ffn.architecture(MNIST).parameters().stream().map(ParameterSpec::name))
        .containsExactly(
            "layers.0.weight",
            "layers.0.bias",
            "layers.1.weight",
            "layers.1.bias",
            "out.weight",
            "out.bias");
  }

  @Test
  void fitsRegressionsOnVectors() {
    Architecture architecture =
        new Ffn(List.of(), Initialisation.PYTORCH)
            .architecture(new Task.Regression(new Shape(3), 2));

    assertThat(architecture.output()).isEqualTo(new Shape(2));
    assertThat(architecture.parameterCount()).isEqualTo(8);
  }

  @Test
  void opensEqualModelsForEqualSeeds() throws IOException {
    for (ModelSource model : List.of(new Ffn(), new Lenet300100(), new MnistCnn())) {
      Checkpoint opened = model.open(MNIST, 5);
      assertThat(opened).isEqualTo(model.open(MNIST, 5)).isNotEqualTo(model.open(MNIST, 6));
      assertThat(opened.architecture()).isEqualTo(model.architecture(MNIST));
      assertThat(opened.masks()).isEmpty();
    }
  }

  @Test
  void saysWhyATaskDoesNotFit() {
    assertThatThrownBy(
            () -> new MnistCnn().architecture(new Task.Classification(new Shape(784), 10)))
        .hasMessage(
            "mnist-cnn does not fit examples of shape (784): layer conv1 (conv2d) takes (channels,"
                + " height, width), was given (784)");
    assertThatThrownBy(() -> new Ffn().architecture(new Task.TokenPrediction(new Shape(64), 512)))
        .hasMessageStartingWith("ffn takes numbers");
    assertThatThrownBy(() -> new Ffn(List.of(10, 0), Initialisation.PYTORCH))
        .hasMessage("a hidden layer has at least 1 unit, hidden was [10, 0]");
  }

  @Test
  void describesItself() {
    for (ModelSource model : List.of(new Ffn(), new Lenet300100(), new MnistCnn())) {
      assertThat(model.description()).hasSizeGreaterThan(100);
      assertThat(model.description().lines()).allMatch(line -> line.length() <= 100);
    }
  }

  @Tag("engine")
  @Test
  void computesTenScoresForEachImage() {
    try (NDManager manager = NDManager.newBaseManager()) {
      for (ModelSource model : List.of(new Ffn(), new Lenet300100(), new MnistCnn())) {
        Architecture architecture = model.architecture(MNIST);
        assertThat(
                architecture
                    .block(architecture.initialise(Initialisation.PYTORCH, 1), manager)
                    .forward(manager.ones(new Shape(3, 1, 28, 28)), true)
                    .getShape())
            .isEqualTo(new Shape(3, 10));
      }
    }
  }
}

package io.secateur.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Initialisation;
import io.secateur.model.ParameterSpec;
import io.secateur.model.Tensor;
import io.secateur.spi.ModelSource;
import io.secateur.spi.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class ZooTest {
  private static final Task MNIST = new Task.Classification(new Shape(1, 28, 28), 10);

  private static final Task CIFAR = new Task.Classification(new Shape(3, 32, 32), 10);

  private static final Task SST2 = new Task.Classification(new Shape(64), 2, 10_000);

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
  void namesTheParametersOfTheNetworksForTexts() {
    Architecture ffn = new SstFfn().architecture(SST2);
    assertThat(ffn.parameters().stream().map(ParameterSpec::name))
        .containsExactly(
            "embedding.weight",
            "layers.0.weight",
            "layers.0.bias",
            "layers.1.weight",
            "layers.1.bias",
            "layers.2.weight",
            "layers.2.bias",
            "out.weight",
            "out.bias");
    assertThat(ffn.parameterCount()).isEqualTo(2_757_890);
    assertThat(ffn.output()).isEqualTo(new Shape(2));

    Architecture encoder = new TransformerEncoder().architecture(SST2);
    assertThat(encoder.parameters().stream().map(ParameterSpec::name))
        .startsWith("embedding.weight", "position_embedding.weight", "encoder.0.norm1.weight")
        .contains(
            "encoder.0.attention.q_proj.weight",
            "encoder.0.attention.k_proj.bias",
            "encoder.1.attention.v_proj.weight",
            "encoder.1.attention.out_proj.weight",
            "encoder.1.norm2.bias",
            "encoder.1.mlp.fc1.weight",
            "encoder.1.mlp.fc2.weight")
        .endsWith("norm.weight", "norm.bias", "classifier.weight", "classifier.bias");
    // Per layer: 4 (w^2 + w) of attention, 2 w m + m + w of the MLP, 4 w of the norms.
    long layer = 4 * (128 * 128 + 128) + 2 * 128 * 256 + 256 + 128 + 4 * 128;
    assertThat(encoder.parameterCount())
        .isEqualTo((10_000 + 64) * 128 + 2 * layer + 2 * 128 + 2 * 128 + 2);
  }

  @Test
  void paddingStartsAtZeroAndOtherWordsDoNot() {
    for (ModelSource model : List.of(new SstFfn(), new TransformerEncoder())) {
      Architecture architecture = model.architecture(SST2);
      int width = (int) architecture.parameter("embedding.weight").shape().get(1);
      float[] table = open(model).parameter("embedding.weight").toFloats();
      for (int i = 0; i < 4 * width; i++) {
        assertThat(table[i] == 0).as("cell %d", i).isEqualTo(i < width);
      }
      assertThat(open(model)).isEqualTo(open(model));
    }
  }

  @Test
  void tablesOfTheEncoderStartSmall() {
    for (String table : List.of("embedding.weight", "position_embedding.weight")) {
      double squares = 0;
      float[] numbers = open(new TransformerEncoder()).parameter(table).toFloats();
      for (float number : numbers) {
        squares += (double) number * number;
      }
      assertThat(Math.sqrt(squares / numbers.length)).isCloseTo(0.02, within(0.001));
    }
  }

  private static Checkpoint open(ModelSource model) {
    try {
      return model.open(SST2, 5);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
  }

  @Test
  void modelsForImagesRefuseTextsAndThoseForTextsRefuseImages() {
    for (ModelSource model :
        List.of(
            new Ffn(), new Mlp(), new Lenet300100(), new MnistCnn(), new CifarCnn(), new Conv2())) {
      assertThatThrownBy(() -> model.architecture(SST2))
          .hasMessage(
              model.name()
                  + " takes numbers, the data set gives texts as ids of words; use a model for"
                  + " texts, such as sst-ffn");
    }
    for (ModelSource model : List.of(new SstFfn(), new TransformerEncoder())) {
      for (Task other : List.of(MNIST, new Task.TokenPrediction(new Shape(64), 512))) {
        assertThatThrownBy(() -> model.architecture(other))
            .hasMessageStartingWith(model.name() + " tells texts apart and takes ids of words;");
      }
    }
    assertThatThrownBy(() -> new TransformerEncoder(10, 2, 4, 8, 0, Initialisation.PYTORCH))
        .hasMessage("width must be a multiple of heads, were 10 and 4");
    assertThatThrownBy(() -> new SstFfn(List.of(8), 0, Initialisation.PYTORCH))
        .hasMessage("embedding must be at least 1, was 0");
  }

  /** Two texts of one batch, one of them padded, must score as they do alone, without padding. */
  @Tag("engine")
  @Test
  void paddingChangesNoScore() {
    for (ModelSource model : List.of(new SstFfn(), new TransformerEncoder())) {
      Task longer = new Task.Classification(new Shape(6), 2, 50);
      Task shorter = new Task.Classification(new Shape(3), 2, 50);
      try (NDManager manager = NDManager.newBaseManager()) {
        Architecture wide = model.architecture(longer);
        Map<String, Tensor> parameters = new HashMap<>(wide.initialise(Initialisation.PYTORCH, 1));
        float[] padded =
            wide.block(parameters, manager)
                .forward(
                    manager.create(
                        new long[] {7, 8, 9, 0, 0, 0, 5, 4, 3, 2, 1, 6}, new Shape(2, 6)),
                    false)
                .toFloatArray();
        Architecture narrow = model.architecture(shorter);
        parameters.computeIfPresent(
            "position_embedding.weight",
            (name, table) ->
                Tensor.of(
                    narrow.parameter(name).shape(), Arrays.copyOf(table.toFloats(), 3 * 128)));
        float[] alone =
            narrow
                .block(parameters, manager)
                .forward(manager.create(new long[] {7, 8, 9}, new Shape(1, 3)), false)
                .toFloatArray();
        assertThat(alone).hasSize(2).containsExactly(Arrays.copyOf(padded, 2), within(1e-5f));
        assertThat(padded[2]).isNotCloseTo(padded[0], within(1e-5f));
      }
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
    for (ModelSource model :
        List.of(
            new Ffn(), new Lenet300100(), new MnistCnn(), new SstFfn(), new TransformerEncoder())) {
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

package io.secateur.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture.Units;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArchitectureTest {
  static final Architecture SMALL_CONVNET =
      new Architecture(
          new Shape(2, 6, 6),
          List.of(
              new Conv2d("conv1", 3, 3, 1, 0),
              new Relu("relu1"),
              new Conv2d("conv2", 4, 3, 1, 1),
              new MaxPool2d("pool", 2, 2),
              new Dropout("dropout", 0.25),
              new Flatten("flatten"),
              new Linear("fc1", 5),
              new Linear("fc2", 2, false)));

  @Test
  void namesParametersAsPyTorchDoes() {
    assertThat(SMALL_CONVNET.parameters().stream().map(ParameterSpec::name))
        .containsExactly(
            "conv1.weight",
            "conv1.bias",
            "conv2.weight",
            "conv2.bias",
            "fc1.weight",
            "fc1.bias",
            "fc2.weight");
    assertThat(SMALL_CONVNET.parameter("conv2.weight").shape()).isEqualTo(new Shape(4, 3, 3, 3));
    assertThat(SMALL_CONVNET.parameter("fc1.weight").shape()).isEqualTo(new Shape(5, 16));
    assertThat(SMALL_CONVNET.output()).isEqualTo(new Shape(2));
    assertThat(SMALL_CONVNET.parameterCount())
        .isEqualTo(3 * 2 * 9 + 3 + 4 * 3 * 9 + 4 + 5 * 16 + 5 + 10);
  }

  @Test
  void prunesWeightsButNotBiasesByDefault() {
    assertThat(SMALL_CONVNET.prunable().stream().map(ParameterSpec::name))
        .containsExactly("conv1.weight", "conv2.weight", "fc1.weight", "fc2.weight");
  }

  @Test
  void countsMultiplyAccumulatesOfOneExample() {
    assertThat(new Linear("fc", 32).macs(new Shape(16))).isEqualTo(512);
    assertThat(new Conv2d("conv", 16, 3, 1, 1).macs(new Shape(3, 8, 8))).isEqualTo(27_648);
    assertThat(new Conv2d("conv", 16, 3, 1, 1, 4, false).macs(new Shape(4, 8, 8)))
        .isEqualTo(16 * 64 * 9);
    assertThat(SMALL_CONVNET.macs()).isEqualTo(3 * 16 * 2 * 9 + 4 * 16 * 3 * 9 + 16 * 5 + 5 * 2);
  }

  @Test
  void followsUnitsThroughTheLayers() {
    assertThat(SMALL_CONVNET.units())
        .isEqualTo(
            Map.of(
                "conv1.weight", new Units(0, 1, 1),
                "conv2.weight", new Units(1, 2, 1),
                "fc1.weight", new Units(2, 3, 4),
                "fc2.weight", new Units(3, 4, 1)));
  }

  @Test
  void comesBackFromJsonAsItWas() {
    String json = SMALL_CONVNET.toJson();

    assertThat(Architecture.fromJson(json)).isEqualTo(SMALL_CONVNET);
    assertThat(Architecture.fromJson(json).toJson()).isEqualTo(json);
    assertThat(json)
        .startsWith(
            "{\"input\":[2,6,6],\"layers\":[{\"kind\":\"conv2d\",\"name\":\"conv1\",\"filters\":3,"
                + "\"kernel\":3,\"stride\":1,\"padding\":0,\"groups\":1,\"bias\":true},"
                + "{\"kind\":\"relu\",\"name\":\"relu1\"}");
  }

  @Test
  void refusesJsonThatIsNoArchitectureSayingWhy() {
    assertThatThrownBy(() -> Architecture.fromJson("{")).hasMessageContaining("is JSON");
    assertThatThrownBy(() -> Architecture.fromJson("{\"input\":[1]}"))
        .hasMessage("an architecture has a list 'layers', this has none");
    assertThatThrownBy(() -> fromLayer("{\"kind\":\"lstm\",\"name\":\"a\"}"))
        .hasMessageStartingWith(
            "no kind of layer is named 'lstm'; there are [attention, avg-pool2d, ");
    assertThatThrownBy(() -> fromLayer("{\"kind\":\"relu\",\"name\":\"a\",\"slope\":1}"))
        .hasMessageStartingWith("layer a (relu): ")
        .hasMessageContaining("slope");
    assertThatThrownBy(() -> fromLayer("{\"kind\":\"linear\",\"name\":\"a\",\"bias\":true}"))
        .hasMessageStartingWith("layer a (linear): ")
        .hasMessageContaining("outputs");
    assertThatThrownBy(
            () -> fromLayer("{\"kind\":\"linear\",\"name\":\"a\",\"outputs\":0,\"bias\":true}"))
        .hasMessageContaining("outputs must be at least 1, was 0");
  }

  private static Architecture fromLayer(String layer) {
    return Architecture.fromJson("{\"input\":[4],\"layers\":[" + layer + "]}");
  }

  @Test
  void refusesLayersThatDoNotFitNamingThem() {
    assertThatThrownBy(() -> new Architecture(new Shape(1, 8, 8), List.of(new Linear("fc", 2))))
        .hasMessage(
            "layer fc (linear) takes (features) or (positions, features), was given (1, 8, 8);"
                + " put a flatten before it");
    assertThatThrownBy(
            () -> new Architecture(new Shape(8), List.of(new Conv2d("conv", 2, 3, 1, 0))))
        .hasMessage("layer conv (conv2d) takes (channels, height, width), was given (8)");
    assertThatThrownBy(
            () -> new Architecture(new Shape(1, 2, 9), List.of(new Conv2d("conv", 2, 3, 1, 0))))
        .hasMessage(
            "layer conv (conv2d): a window of 3 x 3 does not fit into (1, 2, 9) with padding 0");
    assertThatThrownBy(
            () -> new Architecture(new Shape(8), List.of(new Linear("fc", 2), new Relu("fc"))))
        .hasMessage("two layers are named fc");
  }

  @Test
  void suggestsTheNearestParameter() {
    assertThatThrownBy(() -> SMALL_CONVNET.parameter("fc1.weigth"))
        .hasMessage("no parameter is named fc1.weigth; did you mean fc1.weight?");
  }
}

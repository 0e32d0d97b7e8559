package io.secateur.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Initialisation;
import io.secateur.model.ParameterSpec;
import io.secateur.spi.Task;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListedTest {
  private static final Task TASK = new Task.Classification(new Shape(1, 8, 8), 3);
  private static final LayerSetting SAME = new LayerSetting.Conv2d("", 4, 3, 1, 1, 1, true);

  private static Architecture of(LayerSetting... layers) {
    return new Listed(List.of(layers), Initialisation.PYTORCH).architecture(TASK);
  }

  @Test
  void callsLayersByTheirPlaceAsSequentialDoes() {
    Architecture net =
        of(
            new LayerSetting.Conv2d("stem", 4, 3, 1, 1, 1, true),
            new LayerSetting.Relu(),
            new LayerSetting.Residual("", List.of(SAME, new LayerSetting.BatchNorm()), List.of()),
            new LayerSetting.Concat("", List.of(List.of(SAME), List.of())),
            new LayerSetting.Flatten(),
            new LayerSetting.Linear());

    assertThat(net.prunable().stream().map(ParameterSpec::name))
        .containsExactly("stem.weight", "2.body.0.weight", "3.branches.0.0.weight", "5.weight");
    assertThat(net.output()).isEqualTo(new Shape(3));
  }

  @Test
  void namesTheLayerThatDoesNotFit() {
    assertThatThrownBy(() -> of(new LayerSetting.Flatten(), SAME, new LayerSetting.Linear()))
        .hasMessage(
            "layers does not fit examples of shape (1, 8, 8): layer 1 (conv2d) takes (channels,"
                + " height, width), was given (64)");
  }

  @Test
  void refusesAnotherNumberOfOutputsThanTheTaskAsksFor() {
    assertThatThrownBy(() -> of(new LayerSetting.Flatten(), new LayerSetting.Linear("", 4, true)))
        .hasMessage("layers end in (4), the data set asks for 3 outputs; end with 'linear'");
    assertThatThrownBy(() -> of()).hasMessageStartingWith("layers needs the layers of the model");
  }

  @Test
  void takesTextsWhereAnEmbeddingOfTheirWordsComesFirst() {
    Task texts = new Task.Classification(new Shape(8), 2, 100);
    List<LayerSetting> rest =
        List.of(new LayerSetting.MeanOverPositions(), new LayerSetting.Linear());

    assertThat(listed(100, rest).architecture(texts).output()).isEqualTo(new Shape(2));
    assertThatThrownBy(() -> listed(99, rest).architecture(texts))
        .hasMessage(
            "the data set gives texts as ids of 100 words, the first layer has 99; begin with"
                + " {embedding: {vocabulary: 100}}");
    assertThatThrownBy(() -> new Listed(rest, Initialisation.PYTORCH).architecture(texts))
        .hasMessage(
            "the data set gives texts as ids of 100 words, and the first layer takes numbers; begin"
                + " with {embedding: {vocabulary: 100}}");
    assertThatThrownBy(() -> listed(100, rest).architecture(TASK))
        .hasMessageStartingWith("layers begin with an embedding, which takes ids of words, and");
  }

  private static Listed listed(int vocabulary, List<LayerSetting> rest) {
    List<LayerSetting> layers = new ArrayList<>();
    layers.add(new LayerSetting.Embedding("", vocabulary, 4, 0));
    layers.addAll(rest);
    return new Listed(layers, Initialisation.PYTORCH);
  }
}

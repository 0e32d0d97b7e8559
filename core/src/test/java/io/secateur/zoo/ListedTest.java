package io.secateur.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Initialisation;
import io.secateur.model.ParameterSpec;
import io.secateur.spi.Task;
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
}

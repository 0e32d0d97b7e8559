package io.secateur.calibrate;

import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.model.Layer;
import io.secateur.model.Linear;
import io.secateur.model.Relu;
import io.secateur.model.Residual;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class BlocksTest {
  private static List<List<String>> blocks(String... names) {
    List<Layer> layers = Arrays.stream(names).<Layer>map(Relu::new).toList();
    return Blocks.of(layers).stream()
        .map(block -> block.stream().map(Layer::name).toList())
        .toList();
  }

  @Test
  void neighboursUnderOneNumberAreOne() {
    assertThat(
            blocks(
                "model.embed",
                "model.layers.0.attention",
                "model.layers.0.mlp",
                "model.layers.1.attention",
                "model.layers.1.mlp.0",
                "model.norm"))
        .containsExactly(
            List.of("model.embed"),
            List.of("model.layers.0.attention", "model.layers.0.mlp"),
            List.of("model.layers.1.attention", "model.layers.1.mlp.0"),
            List.of("model.norm"));
  }

  @Test
  void numbersThatBelongToAWordDoNotCount() {
    assertThat(blocks("conv1", "conv1.relu", "fc2", "layer1.0.a", "layer1.0.b", "layer1.1.a"))
        .containsExactly(
            List.of("conv1"),
            List.of("conv1.relu"),
            List.of("fc2"),
            List.of("layer1.0.a", "layer1.0.b"),
            List.of("layer1.1.a"));
    assertThat(blocks("0", "1", "1.x", "10")).hasSize(3);
  }

  @Test
  void aBlockHoldsWhatIsInItsBranches() {
    Residual residual = new Residual("add", List.of(new Linear("a", 2), new Relu("r")), List.of());
    assertThat(Blocks.within(List.of(residual)))
        .extracting(Layer::name)
        .containsExactly("a", "r", "add");
  }
}

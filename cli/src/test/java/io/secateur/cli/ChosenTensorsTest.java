package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Tensor;
import io.secateur.model.TensorArchive;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChosenTensorsTest {

  /** Tensors of the kinds that differ, and one that shares the numbers of another. */
  private record Some() implements TensorArchive {
    @Override
    public Map<String, Tensor> tensors() {
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      tensors.put("model.embed_tokens.weight", Tensor.zeros(new Shape(3, 2)));
      tensors.put("model.fc.weight", Tensor.zeros(new Shape(2, 2)));
      tensors.put("model.fc.bias", Tensor.zeros(new Shape(2)));
      tensors.put("model.conv", Tensor.zeros(new Shape(2, 2, 1, 1)));
      tensors.put("h.0.attn.bias", Tensor.zeros(new Shape(1, 1, 2, 2)));
      tensors.put("nothing", Tensor.zeros(new Shape(0, 2)));
      return tensors;
    }

    @Override
    public Map<String, String> sealed() {
      return Map.of("tied", "they share the numbers of model.fc.weight");
    }

    @Override
    public Map<String, List<String>> shared() {
      return Map.of("tied", List.of("model.fc.weight"));
    }

    @Override
    public void write(Path to, Masks masks) {}
  }

  private static ChosenTensors of(List<String> include, List<String> exclude, boolean ends) {
    return ChosenTensors.of(new Some(), include, exclude, ends);
  }

  @Test
  void floatingTensorsOfTwoDimensionsAreChosenInTheirOrder() {
    ChosenTensors chosen = of(List.of(), List.of(), false);

    assertThat(chosen.names())
        .containsExactly(
            "model.embed_tokens.weight", "model.fc.weight", "model.conv", "h.0.attn.bias");
    assertThat(chosen.lines())
        .containsExactlyInAnyOrder(
            "left as they are, fewer than two dimensions: model.fc.bias",
            "left as they are, empty: nothing",
            "left as they are, they share the numbers of model.fc.weight: tied");
  }

  @Test
  void embeddingsStayWhereTheyAreToStayUnlessIncluded() {
    assertThat(of(List.of(), List.of(), true).names())
        .containsExactly("model.fc.weight", "model.conv");
    assertThat(of(List.of("*"), List.of(), true).names())
        .containsExactly(
            "model.embed_tokens.weight",
            "model.fc.weight",
            "model.fc.bias",
            "model.conv",
            "h.0.attn.bias");
  }

  @Test
  void whatSharesNumbersIsExcludedAndIncludedTogether() {
    assertThat(of(List.of(), List.of("tied"), false).names())
        .containsExactly("model.embed_tokens.weight", "model.conv", "h.0.attn.bias");
    assertThat(of(List.of("tied"), List.of(), false).names()).containsExactly("model.fc.weight");
  }

  @Test
  void aPatternThatMatchesNothingIsRefused() {
    assertThatThrownBy(() -> of(List.of("model.fd.weight"), List.of(), false))
        .hasMessage(
            "--include model.fd.weight: no tensor is called so; did you mean model.fc.weight?"
                + " (there are model.embed_tokens.weight, model.fc.weight, model.fc.bias,"
                + " model.conv, h.0.attn.bias, nothing, tied)");
  }
}

package io.secateur.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.types.Shape;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Mask;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CheckpointTest {
  private static final Architecture NET = ArchitectureTest.SMALL_CONVNET;
  private final Map<String, Tensor> parameters = NET.initialise(Initialisation.PYTORCH, 1);

  @Test
  void ordersParametersAsTheArchitectureDoes() {
    Map<String, Tensor> reversed = new TreeMap<>(Collections.reverseOrder());
    reversed.putAll(parameters);

    assertThat(new Checkpoint(NET, reversed).parameters().keySet())
        .containsExactlyElementsOf(parameters.keySet());
  }

  @Test
  void refusesMissingUnknownAndMisshapenParametersByName() {
    Map<String, Tensor> missing = new LinkedHashMap<>(parameters);
    missing.remove("fc1.bias");
    Map<String, Tensor> unknown = new LinkedHashMap<>(parameters);
    unknown.put("fc1.bais", Tensor.zeros(new Shape(5)));
    Map<String, Tensor> misshapen = new LinkedHashMap<>(parameters);
    misshapen.put("fc1.bias", Tensor.zeros(new Shape(6)));

    assertThatThrownBy(() -> new Checkpoint(NET, missing))
        .hasMessage("parameter fc1.bias is missing");
    assertThatThrownBy(() -> new Checkpoint(NET, unknown))
        .hasMessage(
            "parameter fc1.bais belongs to no parameter of the architecture; did you mean"
                + " fc1.bias?");
    assertThatThrownBy(() -> new Checkpoint(NET, misshapen))
        .hasMessage("parameter fc1.bias takes float32(5), was given float32(6)");
  }

  @Test
  void refusesMasksOfOtherFormsAndNames() {
    Checkpoint checkpoint = new Checkpoint(NET, parameters);

    assertThatThrownBy(
            () -> checkpoint.withMasks(Map.of("fc1.weight", Mask.dense(Form.matrix(16, 5)))))
        .hasMessageStartingWith("the mask of fc1.weight must have the form Form[rows=5, inputs=16");
    assertThatThrownBy(
            () -> checkpoint.withMasks(Map.of("fc9.weight", Mask.dense(Form.matrix(5, 16)))))
        .hasMessageStartingWith("mask fc9.weight belongs to no parameter");
  }

  @Test
  void keepsEverythingWhereThereIsNoMask() {
    Checkpoint checkpoint = new Checkpoint(NET, parameters);

    assertThat(checkpoint.mask("fc1.weight")).isEqualTo(Mask.dense(Form.matrix(5, 16)));
  }

  @Test
  void refusesAttachmentsThatAreNoPlainFileNames() {
    for (String name : new String[] {"../a", "", ".", "a/b", ".hidden"}) {
      assertThatThrownBy(
              () ->
                  new Checkpoint(
                      NET, parameters, Map.of(), Optional.empty(), Map.of(name, new byte[1])))
          .hasMessageStartingWith("an attachment is named like a plain file");
    }
  }

  @Test
  void isEqualToCheckpointsOfTheSameContents() {
    Checkpoint one = withAttachment(1);

    assertThat(one).isEqualTo(withAttachment(1)).hasSameHashCodeAs(withAttachment(1));
    assertThat(one).isNotEqualTo(withAttachment(2));
    assertThat(one)
        .isNotEqualTo(one.withMasks(Map.of("fc1.weight", Mask.dense(Form.matrix(5, 16)))));
  }

  private Checkpoint withAttachment(int content) {
    return new Checkpoint(
        NET,
        parameters,
        Map.of(),
        Optional.empty(),
        Map.of("vocabulary.txt", new byte[] {(byte) content}));
  }
}

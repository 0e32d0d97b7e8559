package io.secateur.model;

import ai.djl.ndarray.types.DataType;
import io.secateur.sparsity.Mask;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code <name>_orig} and {@code <name>_mask} of every masked weight, both float32. */
final class WeightsAndMasksCodec implements Encoding.Codec {
  @Override
  public Map<String, Tensor> encode(Checkpoint checkpoint) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    checkpoint
        .parameters()
        .forEach(
            (name, tensor) -> {
              Mask mask = checkpoint.masks().get(name);
              if (mask == null) {
                tensors.put(name, tensor);
              } else {
                tensors.put(name + "_orig", tensor);
                tensors.put(name + "_mask", floats(mask, tensor));
              }
            });
    return tensors;
  }

  private static Tensor floats(Mask mask, Tensor tensor) {
    TensorWriter writer = new TensorWriter(DataType.FLOAT32, tensor.shape());
    for (long cell = 0; cell < tensor.size(); cell++) {
      writer.put(mask.keeps(cell) ? 1f : 0f);
    }
    return writer.tensor();
  }

  @Override
  public Checkpoint decode(Architecture architecture, Parts parts) {
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    Map<String, Mask> masks = new LinkedHashMap<>();
    for (ParameterSpec spec : architecture.parameters()) {
      String name = spec.name();
      if (!parts.has(name + "_mask")) {
        parameters.put(name, parts.take(name, DataType.FLOAT32, spec.shape()));
        continue;
      }
      Tensor original = parts.take(name + "_orig", DataType.FLOAT32, spec.shape());
      Mask mask = mask(name, spec, parts.take(name + "_mask", DataType.FLOAT32, spec.shape()));
      masks.put(name, mask);
      TensorWriter masked = new TensorWriter(DataType.FLOAT32, spec.shape());
      // Selected, not multiplied: a weight times 0 may be -0.0 or NaN.
      Cells.all(original, (cell, value) -> masked.put(mask.keeps(cell) ? value : 0f));
      parameters.put(name, masked.tensor());
    }
    return new Checkpoint(architecture, parameters).withMasks(masks);
  }

  private static Mask mask(String name, ParameterSpec spec, Tensor floats) {
    Cells.nonZero(
        floats,
        (cell, value) -> {
          if (value != 1) {
            throw new IllegalArgumentException(
                "%s_mask must hold 0 and 1, holds %s at %d".formatted(name, value, cell));
          }
        });
    return Mask.ofNonZero(spec.form(), floats);
  }
}

package io.secateur.model;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Of every parameter on a grid its integers, int8 or int32 in its own shape, and {@code
 * <name>.scale}, float32; of others their float32 numbers. Zero points of parameters are 0.
 *
 * @param bitmask whether weights are a bit per integer and the integers that are not zero
 */
record Int8Codec(boolean bitmask) implements Encoding.Codec {
  private static final String SCALE = ".scale";

  @Override
  public Map<String, Tensor> encode(Checkpoint checkpoint) {
    Quantization quantization =
        checkpoint
            .quantization()
            .orElseThrow(
                () -> new IllegalArgumentException("the model is not quantized; nothing is int8"));
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    checkpoint
        .parameters()
        .forEach(
            (name, tensor) -> {
              Grid grid = quantization.grids().get(name);
              Tensor kept = grid == null ? tensor : grid.integers(tensor);
              if (compressed(tensor.shape(), kept.type())) {
                tensors.putAll(BitmaskCodec.compress(name, kept));
              } else {
                tensors.put(name, kept);
              }
              if (grid != null) {
                tensors.put(name + SCALE, grid.scales());
              }
            });
    return tensors;
  }

  private boolean compressed(Shape shape, DataType type) {
    return bitmask && shape.dimension() >= 2 && type != DataType.INT32;
  }

  @Override
  public Checkpoint decode(Architecture architecture, Parts parts) {
    Map<String, Tensor> scales = new LinkedHashMap<>();
    for (ParameterSpec spec : architecture.parameters()) {
      if (parts.has(spec.name() + SCALE)) {
        scales.put(spec.name(), parts.take(spec.name() + SCALE, DataType.FLOAT32));
      }
    }
    Quantization quantization = Quantization.fromJson(parts.text(Encoding.QUANTIZATION), scales);
    Map<String, Tensor> parameters = new LinkedHashMap<>();
    for (ParameterSpec spec : architecture.parameters()) {
      Grid grid = quantization.grids().get(spec.name());
      DataType type = grid == null ? DataType.FLOAT32 : grid.type();
      Tensor kept =
          compressed(spec.shape(), type)
              ? BitmaskCodec.expand(spec.name(), spec.shape(), type, parts)
              : parts.take(spec.name(), type, spec.shape());
      parameters.put(spec.name(), grid == null ? kept : grid.numbers(kept));
    }
    return new Checkpoint(architecture, parameters).withQuantization(Optional.of(quantization));
  }
}

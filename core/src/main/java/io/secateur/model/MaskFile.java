package io.secateur.model;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.sparsity.Mask;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Masks on disk: a row of bytes per masked weight, a bit per cell. */
final class MaskFile {
  private static final String NAME = "masks.safetensors";

  private MaskFile() {}

  static void write(Map<String, Mask> masks, Path folder) throws IOException {
    if (masks.isEmpty()) {
      return;
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    masks.forEach(
        (name, mask) -> {
          byte[] bits = mask.toBytes();
          tensors.put(
              name,
              Tensor.of(DataType.UINT8, new Shape(bits.length), List.of(ByteBuffer.wrap(bits))));
        });
    new Safetensors(tensors).write(folder.resolve(NAME));
  }

  static Map<String, Mask> read(Path folder, Architecture architecture) throws IOException {
    Path file = folder.resolve(NAME);
    Map<String, Mask> masks = new LinkedHashMap<>();
    if (!Files.exists(file)) {
      return masks;
    }
    for (Map.Entry<String, Tensor> each : Safetensors.read(file).tensors().entrySet()) {
      masks.put(each.getKey(), mask(architecture.parameter(each.getKey()), each.getValue()));
    }
    return masks;
  }

  private static Mask mask(ParameterSpec spec, Tensor bits) {
    if (bits.type() != DataType.UINT8) {
      throw new IllegalArgumentException(
          "the mask of %s must be uint8, is %s".formatted(spec.name(), bits));
    }
    byte[] bytes = new byte[Math.toIntExact(bits.bytes())];
    bits.chunks().get(0).get(bytes);
    try {
      return Mask.of(spec.form(), bytes);
    } catch (IllegalArgumentException fault) {
      throw new IllegalArgumentException(
          "the mask of %s: %s".formatted(spec.name(), fault.getMessage()), fault);
    }
  }
}

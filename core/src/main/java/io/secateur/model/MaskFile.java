package io.secateur.model;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Mask;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Masks on disk: a row of bytes per masked weight, a bit per cell. */
final class MaskFile {
  static final String NAME = "masks.safetensors";

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
    return Files.exists(file) ? bits(file, architecture) : Map.of();
  }

  /** Returns whether a safetensors file holds rows of bytes, and nothing else. */
  static boolean is(Path file) throws IOException {
    Map<String, Tensor> tensors = Safetensors.read(file).tensors();
    return !tensors.isEmpty()
        && tensors.values().stream()
            .allMatch(each -> each.type() == DataType.UINT8 && each.shape().dimension() == 1);
  }

  /** Reads a file of masks that its user named. */
  static Map<String, Mask> alone(Path file, Architecture architecture) throws IOException {
    try {
      return bits(file, architecture);
    } catch (IllegalArgumentException fault) {
      throw new IllegalArgumentException(file + ": " + fault.getMessage(), fault);
    }
  }

  /** Reads a file of masks; of which parameters they are, their names say. */
  private static Map<String, Mask> bits(Path file, Architecture architecture) throws IOException {
    Map<String, Mask> masks = new LinkedHashMap<>();
    for (Map.Entry<String, Tensor> each : Safetensors.read(file).tensors().entrySet()) {
      masks.put(each.getKey(), mask(architecture.parameter(each.getKey()), each.getValue()));
    }
    return masks;
  }

  /** Refuses masks that are not those of an architecture's parameters, all at once. */
  static Map<String, Mask> fitting(
      String from, Map<String, Mask> masks, Architecture architecture) {
    if (masks.isEmpty()) {
      throw new IllegalArgumentException(
          from
              + " holds no masks; they are in the folder of a pruned checkpoint, and in a file of"
              + " the encoding weights-and-masks");
    }
    Map<String, ParameterSpec> own = new LinkedHashMap<>();
    architecture.parameters().forEach(spec -> own.put(spec.name(), spec));
    List<String> faults = new ArrayList<>();
    masks.forEach(
        (name, mask) -> {
          ParameterSpec spec = own.get(name);
          if (spec == null) {
            faults.add(
                "the model has no parameter %s%s"
                    .formatted(name, Nearest.suggest(name, own.keySet())));
          } else if (!spec.form().equals(mask.form())) {
            faults.add(
                "%s is %s in the model, its mask is %s"
                    .formatted(name, sides(spec.form()), sides(mask.form())));
          }
        });
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(
          "the masks of %s do not fit: %s".formatted(from, String.join("; ", faults)));
    }
    return masks;
  }

  private static String sides(Form form) {
    String matrix = form.rows() + " x " + form.inputs();
    return form.kernel() == 1
        ? matrix
        : "%s x %d x %d".formatted(matrix, form.kernelHeight(), form.kernelWidth());
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

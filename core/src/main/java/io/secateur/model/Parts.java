package io.secateur.model;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.LinkedHashMap;
import java.util.Map;

/** The tensors of an encoded file, taken one by one; each must be as expected, none may be left. */
final class Parts {
  private final Map<String, Tensor> left;
  private final Map<String, String> metadata;

  Parts(Map<String, Tensor> tensors) {
    this(tensors, Map.of());
  }

  Parts(Map<String, Tensor> tensors, Map<String, String> metadata) {
    this.left = new LinkedHashMap<>(tensors);
    this.metadata = metadata;
  }

  /** Returns a text of the file's; empty when it has none of that name. */
  String text(String name) {
    return metadata.getOrDefault(name, "");
  }

  boolean has(String name) {
    return left.containsKey(name);
  }

  /** Takes a tensor of any shape. */
  Tensor take(String name, DataType type) {
    Tensor tensor = left.remove(name);
    if (tensor == null || tensor.type() != type) {
      throw new IllegalArgumentException(
          "tensor %s must be %s, %s"
              .formatted(name, Tensor.name(type), tensor == null ? "is missing" : "is " + tensor));
    }
    return tensor;
  }

  Tensor take(String name, DataType type, Shape shape) {
    Tensor tensor = take(name, type);
    if (!tensor.shape().equals(shape)) {
      throw new IllegalArgumentException(
          "tensor %s must be %s, is %s".formatted(name, shape, tensor.shape()));
    }
    return tensor;
  }

  /** Refuses tensors that nobody took. */
  void done() {
    if (!left.isEmpty()) {
      throw new IllegalArgumentException(
          "these tensors belong to nothing in the architecture: " + left.keySet());
    }
  }
}

package io.secateur.model;

import ai.djl.ndarray.types.Shape;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code {"input": [1, 28, 28], "layers": [{"kind": "linear", "name": …}]}}. */
final class ArchitectureJson {
  private ArchitectureJson() {}

  static String write(Architecture architecture) {
    ObjectNode root = Layers.JSON.createObjectNode();
    ArrayNode input = root.putArray("input");
    for (long side : architecture.input().getShape()) {
      input.add(side);
    }
    ArrayNode layers = root.putArray("layers");
    architecture.layers().forEach(layer -> layers.add(Layers.toJson(layer)));
    return Layers.JSON.writeValueAsString(root);
  }

  static Architecture read(String json) {
    JsonNode root;
    try {
      root = Layers.JSON.readTree(json);
    } catch (JacksonException fault) {
      throw new IllegalArgumentException(
          "an architecture is JSON, this is not: " + fault.getOriginalMessage(), fault);
    }
    List<Layer> layers = Layers.list(array(root, "layers"));
    return new Architecture(new Shape(sides(array(root, "input"))), layers);
  }

  private static long[] sides(ArrayNode input) {
    long[] sides = new long[input.size()];
    for (int i = 0; i < sides.length; i++) {
      JsonNode side = input.get(i);
      if (!side.isIntegralNumber() || !side.canConvertToLong() || side.asLong() < 1) {
        throw new IllegalArgumentException("a side of the input is at least 1, was " + side);
      }
      sides[i] = side.asLong();
    }
    return sides;
  }

  private static ArrayNode array(JsonNode root, String name) {
    if (root.path(name) instanceof ArrayNode array) {
      return array;
    }
    throw new IllegalArgumentException(
        "an architecture has a list '%s', this has none".formatted(name));
  }
}

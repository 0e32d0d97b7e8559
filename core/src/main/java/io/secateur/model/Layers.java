package io.secateur.model;

import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The kinds of layers by the names they have in files, and layers as JSON. */
final class Layers {
  private static final Map<String, Class<? extends Layer>> KINDS =
      new TreeMap<>(
          Map.of(
              "linear", Linear.class,
              "conv2d", Conv2d.class,
              "relu", Relu.class,
              "max-pool2d", MaxPool2d.class,
              "dropout", Dropout.class,
              "flatten", Flatten.class));

  /** Settings in the order of the record; none unknown, none missing. */
  static final JsonMapper JSON =
      JsonMapper.builder()
          .disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
          .enable(
              DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
              DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES,
              DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private Layers() {}

  /** Returns a layer's kind: {@code max-pool2d}. */
  static String kind(Layer layer) {
    return KINDS.entrySet().stream()
        .filter(kind -> kind.getValue() == layer.getClass())
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "layer %s is a %s, which files have no name for; they know %s"
                        .formatted(layer.name(), layer.getClass().getName(), KINDS.keySet())));
  }

  static ObjectNode toJson(Layer layer) {
    ObjectNode node = JSON.createObjectNode().put("kind", kind(layer));
    ObjectNode settings = JSON.valueToTree(layer);
    return node.setAll(settings);
  }

  static Layer fromJson(ObjectNode node) {
    ObjectNode settings = node.deepCopy();
    String kind = settings.path("kind").asString("");
    settings.remove("kind");
    Class<? extends Layer> type = KINDS.get(kind);
    if (type == null) {
      throw new IllegalArgumentException(
          "no kind of layer is named '%s'; there are %s".formatted(kind, KINDS.keySet()));
    }
    try {
      return JSON.treeToValue(settings, type);
    } catch (JacksonException fault) {
      throw new IllegalArgumentException(
          "layer %s (%s): %s"
              .formatted(
                  settings.path("name").asString("without a name"),
                  kind,
                  fault.getOriginalMessage()),
          fault);
    }
  }
}

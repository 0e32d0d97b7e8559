package io.secateur.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The kinds of layers by the names they have in files, and layers as JSON. */
final class Layers {
  private static final Map<String, Class<? extends Layer>> KINDS =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry("linear", Linear.class),
              Map.entry("conv2d", Conv2d.class),
              Map.entry("batch-norm", BatchNorm.class),
              Map.entry("relu", Relu.class),
              Map.entry("gelu", Gelu.class),
              Map.entry("sigmoid", Sigmoid.class),
              Map.entry("tanh", Tanh.class),
              Map.entry("log-softmax", LogSoftmax.class),
              Map.entry("max-pool2d", MaxPool2d.class),
              Map.entry("avg-pool2d", AvgPool2d.class),
              Map.entry("global-avg-pool2d", GlobalAvgPool2d.class),
              Map.entry("dropout", Dropout.class),
              Map.entry("flatten", Flatten.class),
              Map.entry("embedding", Embedding.class),
              Map.entry("position-embedding", PositionEmbedding.class),
              Map.entry("layer-norm", LayerNorm.class),
              Map.entry("rms-norm", RmsNorm.class),
              Map.entry("silu", Silu.class),
              Map.entry("mean-over-positions", MeanOverPositions.class),
              Map.entry("tied-linear", TiedLinear.class),
              Map.entry("attention", Attention.class),
              Map.entry("product", Product.class),
              Map.entry("pad-shortcut", PadShortcut.class),
              Map.entry("residual", Residual.class),
              Map.entry("concat", Concat.class)));

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
    if (layer instanceof Residual residual) {
      node.put("name", residual.name());
      node.set("body", array(residual.body()));
      node.set("shortcut", array(residual.shortcut()));
      return node;
    }
    if (layer instanceof Concat || layer instanceof Product) {
      ArrayNode branches = node.put("name", layer.name()).putArray("branches");
      ((Layer.Branching) layer).branches().forEach(branch -> branches.add(array(branch)));
      return node;
    }
    if (layer instanceof Attention attention) {
      node.put("name", attention.name());
      node.set("query", array(attention.query()));
      node.set("key", array(attention.key()));
      node.set("value", array(attention.value()));
      return node.put("headSize", attention.headSize())
          .put("causal", attention.causal())
          .put("rotary", attention.rotary());
    }
    ObjectNode settings = JSON.valueToTree(layer);
    return node.setAll(settings);
  }

  private static ArrayNode array(List<Layer> layers) {
    ArrayNode array = JSON.createArrayNode();
    layers.forEach(layer -> array.add(toJson(layer)));
    return array;
  }

  /** Returns the layers of a list; refuses what is none. */
  static List<Layer> list(JsonNode array) {
    List<Layer> layers = new ArrayList<>();
    if (!array.isArray()) {
      throw new IllegalArgumentException("a list of layers was expected, not " + array);
    }
    for (JsonNode node : array) {
      if (!(node instanceof ObjectNode object)) {
        throw new IllegalArgumentException("a layer is an object with its kind, was " + node);
      }
      layers.add(fromJson(object));
    }
    return layers;
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
    if (type == Residual.class) {
      String name = settings.path("name").asString("");
      return new Residual(name, list(settings.path("body")), list(settings.path("shortcut")));
    }
    if (type == Concat.class || type == Product.class) {
      String name = settings.path("name").asString("");
      List<List<Layer>> branches = new ArrayList<>();
      settings.path("branches").forEach(branch -> branches.add(list(branch)));
      return type == Concat.class ? new Concat(name, branches) : new Product(name, branches);
    }
    if (type == Attention.class) {
      return new Attention(
          settings.path("name").asString(""),
          list(settings.path("query")),
          list(settings.path("key")),
          list(settings.path("value")),
          settings.path("headSize").asInt(0),
          settings.path("causal").asBoolean(false),
          settings.path("rotary").asDouble(0));
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

package io.secateur.model;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Which numbers of a model are integers times a scale. Parameters are kept as the float32 numbers
 * that their integers stand for, so that every stage and metric reads them as ever; where
 * activations are quantized, the network rounds them on its way, as a runtime of integers does.
 *
 * @param grids by parameter; a bias whose products are integers has the scales input × weight
 * @param activations by the layer that they come out of, {@link #INPUT} for the network's input;
 *     ranges are fixed
 * @param dynamic layers whose inputs are spread over their own range, a batch at once, as ONNX's
 *     DynamicQuantizeLinear does
 */
public record Quantization(
    Map<String, Grid> grids, Map<String, Affine> activations, Set<String> dynamic) {
  /** What stands for the network's input among the activations. */
  public static final String INPUT = "";

  public Quantization {
    grids = Collections.unmodifiableMap(new TreeMap<>(grids));
    activations = Collections.unmodifiableMap(new TreeMap<>(activations));
    dynamic = Collections.unmodifiableSet(new TreeSet<>(dynamic));
  }

  /** Returns the scales of all grids, by parameter. */
  public Map<String, Tensor> scales() {
    Map<String, Tensor> scales = new TreeMap<>();
    grids.forEach((name, grid) -> scales.put(name, grid.scales()));
    return scales;
  }

  /** Refuses what does not fit a network and its parameters, naming it. */
  void check(Architecture architecture, Map<String, Tensor> parameters) {
    Set<String> layers = new HashSet<>();
    layers.add(INPUT);
    List<String> parametric = new ArrayList<>();
    for (Architecture.Place place : architecture.places()) {
      layers.add(place.layer().name());
      if (place.layer() instanceof Layer.Parametric) {
        parametric.add(place.layer().name());
      }
    }
    grids.forEach(
        (name, grid) -> {
          Tensor numbers = parameters.get(name);
          if (numbers == null) {
            throw new IllegalArgumentException(
                "grid %s belongs to no parameter of the architecture%s"
                    .formatted(name, Nearest.suggest(name, parameters.keySet())));
          }
          grid.check(name, numbers);
        });
    for (String name : activations.keySet()) {
      refuse(name, layers);
    }
    for (String name : dynamic) {
      refuse(name, parametric);
    }
  }

  private static void refuse(String name, Collection<String> layers) {
    if (!layers.contains(name)) {
      throw new IllegalArgumentException(
          "activations of '%s' are quantized, and the architecture has no such layer%s"
              .formatted(name, Nearest.suggest(name, layers)));
    }
  }

  /** Returns all but the scales, as JSON. */
  public String toJson() {
    ObjectNode root = Layers.JSON.createObjectNode();
    ObjectNode largest = root.putObject("largest");
    grids.forEach((name, grid) -> largest.put(name, grid.largest()));
    ObjectNode ranges = root.putObject("activations");
    activations.forEach(
        (name, affine) -> {
          ObjectNode each = ranges.putObject(name);
          each.put("scale", affine.scale());
          each.put("zero-point", affine.zeroPoint());
        });
    dynamic.forEach(root.putArray("dynamic")::add);
    return Layers.JSON.writeValueAsString(root);
  }

  /**
   * Returns what {@link #toJson} wrote.
   *
   * @throws IllegalArgumentException when it is something else, or scales are missing
   */
  public static Quantization fromJson(String json, Map<String, Tensor> scales) {
    JsonNode root;
    try {
      root = Layers.JSON.readTree(json);
    } catch (JacksonException fault) {
      throw new IllegalArgumentException(
          "a quantization is JSON, this is not: " + fault.getOriginalMessage(), fault);
    }
    Map<String, Grid> grids = new TreeMap<>();
    for (Map.Entry<String, JsonNode> each : root.path("largest").properties()) {
      Tensor own = scales.get(each.getKey());
      if (own == null) {
        throw new IllegalArgumentException("the scales of %s are missing".formatted(each.getKey()));
      }
      grids.put(each.getKey(), new Grid(own, each.getValue().asInt(0)));
    }
    Map<String, Affine> activations = new TreeMap<>();
    for (Map.Entry<String, JsonNode> each : root.path("activations").properties()) {
      JsonNode affine = each.getValue();
      activations.put(
          each.getKey(),
          new Affine(affine.path("scale").floatValue(0f), affine.path("zero-point").asInt(-1)));
    }
    Set<String> dynamic = new TreeSet<>();
    root.path("dynamic").forEach(name -> dynamic.add(name.asString("")));
    return new Quantization(grids, activations, dynamic);
  }
}

package io.secateur.study;

import io.secateur.plugin.DidYouMean;
import io.secateur.plugin.Faults;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * The grid of a study: axes with labelled values. Every combination is an arm, and {@code ${axis}}
 * in the pipeline, or in the value of another axis, stands for the value there.
 */
final class Grid {
  private static final Pattern WRITTEN = Pattern.compile("\\$\\{([A-Za-z0-9_.-]*)\\}");
  private static final Pattern READ = Pattern.compile("\uE000\uE001([A-Za-z0-9_.-]*)\uE002");

  private final Map<String, Map<String, Node>> axes = new LinkedHashMap<>();
  private final Map<String, Node> places = new LinkedHashMap<>();
  private final Set<String> used = new HashSet<>();
  private final Faults faults;

  Grid(Faults faults) {
    this.faults = faults;
  }

  /**
   * Returns text in which references are no YAML syntax, each as long as it was: braces would end a
   * value inside {@code {…}}.
   */
  static String shield(String text) {
    return WRITTEN.matcher(text).replaceAll("\uE000\uE001$1\uE002");
  }

  /** Returns text as its author wrote it. */
  static String unshield(String text) {
    return READ.matcher(text).replaceAll("\\${$1}");
  }

  /** Reads the axes: {@code axis: {label: value, …}}, or a list of words and numbers. */
  void read(Node node) {
    if (!(node instanceof MappingNode mapping)) {
      faults.add(node, "expected axes with their values, {rate: [0.5, 0.9]}");
      return;
    }
    for (NodeTuple axis : mapping.getValue()) {
      String name = Nodes.text(axis.getKeyNode());
      if (!name.matches("[A-Za-z0-9_.-]+")) {
        faults.add(axis.getKeyNode(), "an axis is named by letters, digits, '-', '_' and '.'");
      }
      places.put(name, axis.getKeyNode());
      axes.put(name, values(axis.getValueNode()));
    }
  }

  private Map<String, Node> values(Node node) {
    Map<String, Node> values = new LinkedHashMap<>();
    if (node instanceof MappingNode mapping) {
      mapping
          .getValue()
          .forEach(tuple -> values.put(Nodes.text(tuple.getKeyNode()), tuple.getValueNode()));
    } else if (node instanceof SequenceNode sequence) {
      for (Node value : sequence.getValue()) {
        if (!(value instanceof ScalarNode)) {
          faults.add(value, "a value with settings needs a label: axis: {label: value}");
        } else if (values.putIfAbsent(Nodes.text(value), value) != null) {
          faults.add(value, "'" + Nodes.text(value) + "' is on this axis twice");
        }
      }
    }
    if (values.isEmpty()) {
      faults.add(node, "expected the values of an axis: [a, b], or {label: value}");
    }
    return values;
  }

  List<String> axes() {
    return List.copyOf(axes.keySet());
  }

  /** Returns the labels of every axis, all in the file's order. */
  Map<String, List<String>> labels() {
    Map<String, List<String>> labels = new LinkedHashMap<>();
    axes.forEach((axis, values) -> labels.put(axis, List.copyOf(values.keySet())));
    return labels;
  }

  /** Returns every combination of labels by axis, the last axis changing fastest. */
  List<Map<String, String>> cells() {
    List<Map<String, String>> cells = new ArrayList<>(List.of(new LinkedHashMap<>()));
    axes.forEach(
        (axis, values) -> {
          List<Map<String, String>> longer = new ArrayList<>();
          for (Map<String, String> cell : cells) {
            for (String label : values.keySet()) {
              Map<String, String> extended = new LinkedHashMap<>(cell);
              extended.put(axis, label);
              longer.add(extended);
            }
          }
          cells.clear();
          cells.addAll(longer);
        });
    return cells;
  }

  /** Adds a fault for every axis that nothing has referred to. */
  void refuseUnused() {
    places.forEach(
        (axis, place) -> {
          if (!used.contains(axis)) {
            faults.add(
                place,
                "neither the model nor the pipeline uses this axis: write ${"
                    + axis
                    + "} where it varies");
          }
        });
  }

  /**
   * Returns a node with every reference replaced by its value in a cell. What a fault keeps from
   * being replaced is left out, so that the rest can be looked at.
   */
  Node in(Map<String, String> cell, Node node) {
    return replace(node, cell, new LinkedHashSet<>()).orElseGet(() -> Nodes.scalar("", node));
  }

  private Optional<Node> replace(Node node, Map<String, String> cell, Set<String> active) {
    if (node instanceof ScalarNode scalar) {
      return scalar(scalar, cell, active);
    }
    if (node instanceof SequenceNode sequence) {
      List<Node> elements = new ArrayList<>();
      for (Node element : sequence.getValue()) {
        Optional<Node> replaced = replace(element, cell, active);
        if (element instanceof ScalarNode
            && replaced.isPresent()
            && replaced.get() instanceof SequenceNode list) {
          elements.addAll(list.getValue());
        } else {
          replaced.ifPresent(elements::add);
        }
      }
      return Optional.of(Nodes.sequence(elements, node));
    }
    if (node instanceof MappingNode mapping) {
      List<NodeTuple> tuples = new ArrayList<>();
      for (NodeTuple tuple : mapping.getValue()) {
        Optional<Node> key = replace(tuple.getKeyNode(), cell, active);
        Optional<Node> value = replace(tuple.getValueNode(), cell, active);
        if (key.isPresent() && value.isPresent()) {
          tuples.add(new NodeTuple(key.get(), value.get()));
        }
      }
      return Optional.of(Nodes.mapping(tuples, node));
    }
    return Optional.of(node);
  }

  private Optional<Node> scalar(ScalarNode node, Map<String, String> cell, Set<String> active) {
    Matcher reference = READ.matcher(node.getValue());
    if (reference.matches()) {
      return value(node, reference.group(1), cell, active);
    }
    reference.reset();
    StringBuilder text = new StringBuilder();
    while (reference.find()) {
      Optional<Node> value = value(node, reference.group(1), cell, active);
      if (value.isEmpty()) {
        return value;
      }
      if (!(value.get() instanceof ScalarNode word)) {
        faults.add(
            node,
            "'${%s}' stands inside a word, but its value there is more than one"
                .formatted(reference.group(1)));
        return Optional.empty();
      }
      reference.appendReplacement(text, Matcher.quoteReplacement(word.getValue()));
    }
    reference.appendTail(text);
    return Optional.of(
        text.toString().equals(node.getValue()) ? node : Nodes.scalar(text.toString(), node));
  }

  private Optional<Node> value(
      ScalarNode at, String axis, Map<String, String> cell, Set<String> active) {
    used.add(axis);
    Map<String, Node> values = axes.get(axis);
    if (values == null) {
      faults.add(
          at,
          axes.isEmpty()
              ? "'${%s}' refers to an axis, but the study has no grid".formatted(axis)
              : "the grid has no axis '%s'.%s Its axes: %s"
                  .formatted(
                      axis, DidYouMean.among(axis, axes.keySet()), String.join(", ", axes())));
      return Optional.empty();
    }
    Node value = values.get(cell.getOrDefault(axis, ""));
    if (value == null || !active.add(axis)) {
      faults.add(at, "the value of the axis '" + axis + "' refers to itself");
      return Optional.empty();
    }
    Optional<Node> replaced = replace(value, cell, active);
    active.remove(axis);
    return replaced;
  }
}

package io.secateur.study;

import io.secateur.plugin.Fault;
import io.secateur.plugin.Faults;
import io.secateur.plugin.YamlDocument;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Changes a study from the command line: {@code pipeline.0.train.epochs=1} sets what the words and
 * numbers lead to, and adds what is not written.
 */
final class Overrides {
  private final String option;
  private final Faults faults;
  private final List<String> path;

  private Overrides(String option, List<String> path, Faults faults) {
    this.option = option;
    this.path = path;
    this.faults = faults;
  }

  /** Returns the study with one thing changed, or as it was when that is a fault. */
  static Node apply(Node root, String override, Faults faults) {
    String option = "--set " + override;
    int equals = override.indexOf('=');
    if (equals < 1) {
      faults.add(
          new Fault(
              "expected path=value, such as pipeline.0.train.epochs=1 or seeds=[1]", option, 1, 1));
      return root;
    }
    List<String> path = Arrays.asList(override.substring(0, equals).strip().split("\\.", -1));
    Optional<Node> value = YamlDocument.read(override.substring(equals + 1), option, faults);
    int before = faults.size();
    if (value.isEmpty()) {
      return root;
    }
    Node changed = new Overrides(option, path, faults).set(root, 0, value.get());
    return faults.size() > before ? root : changed;
  }

  private Node set(Node node, int depth, Node value) {
    if (depth == path.size()) {
      return value;
    }
    String word = path.get(depth);
    if (node instanceof MappingNode mapping) {
      return inMapping(mapping, word, depth, value);
    }
    if (node instanceof SequenceNode sequence) {
      return inSequence(sequence, word, depth, value);
    }
    if (Nodes.isNothing(node)) {
      return inMapping(Nodes.mapping(List.of(), value), word, depth, value);
    }
    if (node instanceof ScalarNode scalar && scalar.getValue().equals(word)) {
      // A plugin written by its name alone gets settings.
      NodeTuple named =
          new NodeTuple(scalar, set(Nodes.mapping(List.of(), value), depth + 1, value));
      return Nodes.mapping(List.of(named), node);
    }
    refuse("%s is '%s', there is no '%s' in it".formatted(where(depth), Nodes.text(node), word));
    return node;
  }

  private Node inMapping(MappingNode mapping, String word, int depth, Node value) {
    List<NodeTuple> tuples = new ArrayList<>();
    boolean found = false;
    for (NodeTuple tuple : mapping.getValue()) {
      if (Nodes.text(tuple.getKeyNode()).equals(word)) {
        found = true;
        tuples.add(new NodeTuple(tuple.getKeyNode(), set(tuple.getValueNode(), depth + 1, value)));
      } else {
        tuples.add(tuple);
      }
    }
    if (!found) {
      Node empty = Nodes.mapping(List.of(), value);
      tuples.add(new NodeTuple(Nodes.scalar(word, value), set(empty, depth + 1, value)));
    }
    return Nodes.mapping(tuples, mapping);
  }

  private Node inSequence(SequenceNode sequence, String word, int depth, Node value) {
    List<Node> elements = new ArrayList<>(sequence.getValue());
    if (!word.matches("\\d{1,9}") || Integer.parseInt(word) >= elements.size()) {
      refuse(
          "%s has %d item%s, counted from 0; there is no '%s'"
              .formatted(where(depth), elements.size(), elements.size() == 1 ? "" : "s", word));
      return sequence;
    }
    int index = Integer.parseInt(word);
    elements.set(index, set(elements.get(index), depth + 1, value));
    return Nodes.sequence(elements, sequence);
  }

  private String where(int depth) {
    return depth == 0 ? "the study" : "'" + String.join(".", path.subList(0, depth)) + "'";
  }

  private void refuse(String message) {
    faults.add(new Fault(message, option, 1, 1));
  }
}

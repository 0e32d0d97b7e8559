package io.secateur.plugin;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/** Takes the label out of a step: {@code {train: {epochs: 2, label: dense}}}. */
final class LabelledSteps {
  /** The key that no step may have as a setting. */
  static final String LABEL = "label";

  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

  private LabelledSteps() {}

  /** A step as written but for its label, which is empty when there is none. */
  record Unlabelled(Node node, String label) {}

  static Unlabelled unlabelled(Node node, Faults faults) {
    if (!(node instanceof MappingNode step)) {
      return new Unlabelled(node, "");
    }
    // Settings stand under the step's name, or beside it in a step that is written flat.
    if (step.getValue().size() == 1
        && step.getValue().get(0).getValueNode() instanceof MappingNode settings) {
      NodeTuple only = step.getValue().get(0);
      NodeTuple without = new NodeTuple(only.getKeyNode(), without(settings));
      return new Unlabelled(copy(step, List.of(without)), label(settings, faults));
    }
    return new Unlabelled(without(step), label(step, faults));
  }

  private static String label(MappingNode mapping, Faults faults) {
    for (NodeTuple tuple : mapping.getValue()) {
      if (isLabel(tuple)) {
        Node value = tuple.getValueNode();
        if (value instanceof ScalarNode scalar && WORD.matcher(scalar.getValue()).matches()) {
          return scalar.getValue();
        }
        faults.add(
            value,
            "expected a label, letters, digits, '.', '_' and '-', got " + Scalars.shown(value));
      }
    }
    return "";
  }

  private static MappingNode without(MappingNode mapping) {
    return copy(mapping, mapping.getValue().stream().filter(tuple -> !isLabel(tuple)).toList());
  }

  private static MappingNode copy(MappingNode of, List<NodeTuple> tuples) {
    return new MappingNode(
        of.getTag(),
        true,
        new ArrayList<>(tuples),
        of.getFlowStyle(),
        of.getStartMark(),
        of.getEndMark());
  }

  private static boolean isLabel(NodeTuple tuple) {
    return tuple.getKeyNode() instanceof ScalarNode key && key.getValue().equals(LABEL);
  }
}

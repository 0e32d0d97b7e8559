package io.secateur.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Copies of YAML nodes with something in them changed; the copies keep their places. */
final class Nodes {
  private Nodes() {}

  /** Returns the text of a scalar; empty for others. */
  static String text(Node node) {
    return node instanceof ScalarNode scalar ? scalar.getValue() : "";
  }

  /** Returns whether a node is an absent value: {@code key:} and nothing behind it. */
  static boolean isNothing(Node node) {
    return node instanceof ScalarNode scalar && scalar.isPlain() && scalar.getValue().isEmpty();
  }

  static Optional<NodeTuple> find(MappingNode mapping, String key) {
    return mapping.getValue().stream()
        .filter(tuple -> text(tuple.getKeyNode()).equals(key))
        .findFirst();
  }

  static ScalarNode scalar(String text, Node at) {
    return new ScalarNode(
        Tag.STR, true, text, ScalarStyle.PLAIN, at.getStartMark(), at.getEndMark());
  }

  /** Returns a scalar with other text, quoted as it was. */
  static ScalarNode scalar(String text, ScalarNode like) {
    return new ScalarNode(
        like.getTag(), true, text, like.getScalarStyle(), like.getStartMark(), like.getEndMark());
  }

  static MappingNode mapping(List<NodeTuple> tuples, Node at) {
    return new MappingNode(
        Tag.MAP, true, new ArrayList<>(tuples), FlowStyle.FLOW, at.getStartMark(), at.getEndMark());
  }

  static SequenceNode sequence(List<Node> elements, Node at) {
    return new SequenceNode(
        Tag.SEQ,
        true,
        new ArrayList<>(elements),
        FlowStyle.FLOW,
        at.getStartMark(),
        at.getEndMark());
  }
}

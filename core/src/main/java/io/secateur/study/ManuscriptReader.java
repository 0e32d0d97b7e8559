package io.secateur.study;

import io.secateur.plugin.DidYouMean;
import io.secateur.plugin.Faults;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/** Reads what the section {@code report} of a study says in its authors' words. */
final class ManuscriptReader {
  static final List<String> KEYS = List.of("title", "authors", "contributions", "text");

  private final Faults faults;

  ManuscriptReader(Faults faults) {
    this.faults = faults;
  }

  /** Reads a report's {@code title}, {@code authors}, {@code contributions} and {@code text}. */
  Manuscript read(MappingNode report) {
    return new Manuscript(
        under(report, "title").map(this::scalar).orElse(""),
        under(report, "authors").map(this::authors).orElse(List.of()),
        under(report, "contributions").map(this::scalar).orElse(""),
        under(report, "text").map(this::text).orElse(Map.of()));
  }

  private static Optional<Node> under(MappingNode mapping, String key) {
    return Nodes.find(mapping, key).map(NodeTuple::getValueNode);
  }

  private String scalar(Node node) {
    if (node instanceof ScalarNode scalar && !Nodes.isNothing(node)) {
      return Grid.unshield(scalar.getValue());
    }
    faults.add(node, "expected text");
    return "";
  }

  /** One author may stand without brackets. */
  private List<String> authors(Node node) {
    if (!(node instanceof SequenceNode list)) {
      return List.of(scalar(node));
    }
    List<String> authors = new ArrayList<>();
    list.getValue().forEach(author -> authors.add(scalar(author)));
    return authors;
  }

  private Map<String, String> text(Node node) {
    Map<String, String> sections = new LinkedHashMap<>();
    if (!(node instanceof MappingNode mapping)) {
      faults.add(
          node,
          "expected Markdown by section, {introduction: …, discussion: …}, or a file that ends in"
              + " .md");
      return sections;
    }
    for (NodeTuple tuple : mapping.getValue()) {
      String name = Nodes.text(tuple.getKeyNode());
      if (Manuscript.SECTIONS.contains(name)) {
        sections.put(name, scalar(tuple.getValueNode()));
      } else {
        faults.add(tuple.getKeyNode(), unknown(name));
      }
    }
    return sections;
  }

  /** Says that there is no such section. */
  static String unknown(String name) {
    return "a report's text has no section '%s'.%s It has: %s"
        .formatted(
            name,
            DidYouMean.among(name, Manuscript.SECTIONS),
            String.join(", ", Manuscript.SECTIONS));
  }
}

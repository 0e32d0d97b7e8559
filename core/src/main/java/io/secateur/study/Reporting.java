package io.secateur.study;

import io.secateur.model.Architecture;
import io.secateur.plugin.Binder;
import io.secateur.plugin.DidYouMean;
import io.secateur.plugin.Faults;
import io.secateur.spi.Metric;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads the section {@code report} of a study. Without one, a report has accuracy over sparsity,
 * size and latency as far as those are measured, with a line per label of the first axis.
 */
final class Reporting {
  private static final List<String> KEYS =
      Stream.concat(
              Stream.of("figures", "by", "primary", "compare"), ManuscriptReader.KEYS.stream())
          .toList();

  /** What is drawn without being asked for, where it can be. */
  private static final List<Figure> BY_DEFAULT =
      List.of(
          new Figure.SparsityAccuracy(),
          new Figure.DiskSizeAccuracy(),
          new Figure.LatencyAccuracy(),
          new Figure.OnnxLatencyAccuracy());

  private final Faults faults;
  private final Binder binder;
  private List<Figure> figures = List.of();
  private String by = "";
  private Manuscript manuscript = Manuscript.NONE;
  private Map<String, List<String>> axes = Map.of();
  private String primary = "";
  private List<List<String>> compare = List.of();

  Reporting(Faults faults, Binder binder) {
    this.faults = faults;
    this.binder = binder;
  }

  List<Figure> figures() {
    return figures;
  }

  /** Returns the axis that gives a figure its lines; empty for a study without a grid. */
  String by() {
    return by;
  }

  /** Returns what the study's authors say. */
  Manuscript manuscript() {
    return manuscript;
  }

  /** Returns the quantity that arms are compared by; empty where there is none. */
  String primary() {
    return primary;
  }

  /** Returns the pairs that are compared; empty for all. */
  List<List<String>> compare() {
    return compare;
  }

  /**
   * Reads the section.
   *
   * @param arms the names of the arms
   * @param architecture the study's model; empty when that has faults of its own
   */
  Reporting read(
      Optional<Node> section,
      Map<String, List<String>> axes,
      List<String> arms,
      List<Metric> measure,
      Optional<Architecture> architecture) {
    List<String> measured = measure.stream().map(Metric::name).toList();
    figures = BY_DEFAULT.stream().filter(f -> measured.containsAll(f.metrics())).toList();
    by = axes.keySet().stream().findFirst().orElse("");
    primary = ComparingFile.primary(measure);
    this.axes = axes;
    section.ifPresent(node -> read(node, axes, measure, architecture));
    section
        .filter(MappingNode.class::isInstance)
        .flatMap(node -> Nodes.find((MappingNode) node, "compare"))
        .ifPresent(
            tuple -> {
              Set<String> names = new LinkedHashSet<>(arms);
              names.addAll(axes.getOrDefault(by, List.of()));
              compare = new ComparingFile(faults).compare(tuple.getValueNode(), names);
            });
    return this;
  }

  private void read(
      Node node,
      Map<String, List<String>> axes,
      List<Metric> measure,
      Optional<Architecture> architecture) {
    if (!(node instanceof MappingNode mapping)) {
      faults.add(node, "expected {figures: […], by: axis, primary: metric, compare: [[arm, arm]]}");
      return;
    }
    manuscript = new ManuscriptReader(faults).read(mapping);
    for (NodeTuple tuple : mapping.getValue()) {
      String key = Nodes.text(tuple.getKeyNode());
      if (key.equals("figures")) {
        figures = figures(tuple.getValueNode(), measure, architecture);
      } else if (key.equals("by")) {
        by = by(tuple.getValueNode(), axes.keySet());
      } else if (key.equals("primary")) {
        primary = new ComparingFile(faults).primary(tuple.getValueNode(), measure);
      } else if (!KEYS.contains(key)) {
        faults.add(
            tuple.getKeyNode(),
            "a report has no '%s'.%s It has: %s"
                .formatted(key, DidYouMean.among(key, KEYS), String.join(", ", KEYS)));
      }
    }
  }

  private List<Figure> figures(
      Node node, List<Metric> measure, Optional<Architecture> architecture) {
    if (!(node instanceof SequenceNode list)) {
      binder.bindList(node, String.class);
      return List.of();
    }
    List<Figure> found = new ArrayList<>();
    for (Node element : list.getValue()) {
      Node head = head(element);
      String label = Nodes.text(head);
      if (!label.isEmpty() && !Figure.names().contains(label)) {
        faults.add(
            head,
            "there is no figure '%s'.%s There are: %s"
                .formatted(
                    label,
                    DidYouMean.among(label, Figure.names()),
                    String.join(", ", Figure.names())));
        continue;
      }
      Optional<Figure> figure = binder.bind(element, Figure.class);
      if (figure.isPresent()) {
        if (found.stream().anyMatch(earlier -> earlier.id().equals(figure.get().id()))) {
          faults.add(element, "the figure %s is asked for twice".formatted(figure.get().id()));
        }
        check(figure.get(), element, measure, architecture);
        found.add(figure.get());
      }
    }
    return List.copyOf(found);
  }

  /** Returns the node that names a figure, whether it has settings or not. */
  private static Node head(Node element) {
    return element instanceof MappingNode mapping && mapping.getValue().size() == 1
        ? mapping.getValue().get(0).getKeyNode()
        : element;
  }

  private void check(
      Figure figure, Node element, List<Metric> measure, Optional<Architecture> architecture) {
    List<String> measured = measure.stream().map(Metric::name).toList();
    List<String> missing =
        figure.metrics().stream().filter(name -> !measured.contains(name)).toList();
    if (!missing.isEmpty() && !measured.isEmpty()) {
      faults.add(
          element,
          "the figure '%s' draws %s: add %s to 'measure'"
              .formatted(
                  figure.name(),
                  String.join(" and ", figure.metrics()),
                  String.join(", ", missing)));
    }
    architecture.ifPresent(
        net ->
            figure
                .problems(new Figure.Subject(net, measure, axes))
                .forEach(
                    problem -> faults.add(setting(element, problem.setting()), problem.message())));
  }

  /** Returns where a setting's value stands; the figure itself where the setting is not written. */
  private static Node setting(Node element, String name) {
    if (element instanceof MappingNode named
        && named.getValue().get(0).getValueNode() instanceof MappingNode settings) {
      return Nodes.find(settings, name).map(NodeTuple::getValueNode).orElse(element);
    }
    return element;
  }

  private String by(Node node, Collection<String> axes) {
    String axis = Nodes.text(node);
    if (!axes.contains(axis)) {
      faults.add(
          node,
          axes.isEmpty()
              ? "there is no axis '%s': the study has no grid".formatted(axis)
              : "the grid has no axis '%s'.%s Its axes: %s"
                  .formatted(axis, DidYouMean.among(axis, axes), String.join(", ", axes)));
    }
    return axis;
  }
}

package io.secateur.study;

import io.secateur.plugin.Binder;
import io.secateur.plugin.DidYouMean;
import io.secateur.plugin.Faults;
import io.secateur.spi.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads the section {@code report} of a study. Without one, a report has every figure whose metrics
 * are measured, with a line per label of the first axis.
 */
final class Reporting {
  private static final List<String> KEYS = List.of("figures", "by");

  private final Faults faults;
  private final Binder binder;
  private List<String> figures = List.of();
  private String by = "";

  Reporting(Faults faults, Binder binder) {
    this.faults = faults;
    this.binder = binder;
  }

  List<String> figures() {
    return figures;
  }

  /** Returns the axis that gives a figure its lines; empty for a study without a grid. */
  String by() {
    return by;
  }

  Reporting read(Optional<Node> section, List<String> axes, List<Metric> measure) {
    List<String> measured = measure.stream().map(Metric::name).toList();
    figures =
        Arrays.stream(Figure.values())
            .filter(figure -> measured.containsAll(figure.metrics()))
            .map(Figure::label)
            .toList();
    by = axes.isEmpty() ? "" : axes.get(0);
    section.ifPresent(node -> read(node, axes, measured));
    return this;
  }

  private void read(Node node, List<String> axes, List<String> measured) {
    if (!(node instanceof MappingNode mapping)) {
      faults.add(node, "expected {figures: […], by: axis}");
      return;
    }
    for (NodeTuple tuple : mapping.getValue()) {
      String key = Nodes.text(tuple.getKeyNode());
      if (key.equals("figures")) {
        figures = figures(tuple.getValueNode(), measured);
      } else if (key.equals("by")) {
        by = by(tuple.getValueNode(), axes);
      } else {
        faults.add(
            tuple.getKeyNode(),
            "a report has no '%s'.%s It has: %s"
                .formatted(key, DidYouMean.among(key, KEYS), String.join(", ", KEYS)));
      }
    }
  }

  private List<String> figures(Node node, List<String> measured) {
    if (!(node instanceof SequenceNode list)) {
      binder.bindList(node, String.class);
      return List.of();
    }
    List<String> found = new ArrayList<>();
    for (Node element : list.getValue()) {
      String label = Nodes.text(element);
      Optional<Figure> figure = Figure.named(label);
      if (figure.isEmpty()) {
        faults.add(
            element,
            "there is no figure '%s'.%s There are: %s"
                .formatted(
                    label,
                    DidYouMean.among(label, Figure.labels()),
                    String.join(", ", Figure.labels())));
        continue;
      }
      List<String> missing =
          figure.get().metrics().stream().filter(name -> !measured.contains(name)).toList();
      if (!missing.isEmpty() && !measured.isEmpty()) {
        faults.add(
            element,
            "the figure '%s' draws %s: add %s to 'measure'"
                .formatted(
                    label,
                    String.join(" and ", figure.get().metrics()),
                    String.join(", ", missing)));
      }
      found.add(label);
    }
    return List.copyOf(found);
  }

  private String by(Node node, List<String> axes) {
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

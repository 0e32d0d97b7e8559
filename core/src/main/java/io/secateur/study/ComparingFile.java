package io.secateur.study;

import io.secateur.plugin.DidYouMean;
import io.secateur.plugin.Faults;
import io.secateur.spi.ControlArm;
import io.secateur.spi.Metric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads what a study compares: {@code controls}, and of its report {@code primary}, {@code
 * compare}.
 */
final class ComparingFile {
  private static final String STANDARD = "standard";
  private static final String EXAMPLE = "expected pairs of arms to compare: [[imp, one-shot]]";

  private final Faults faults;

  ComparingFile(Faults faults) {
    this.faults = faults;
  }

  /** Reads {@code controls: standard}, or a list of names. */
  List<ControlArm> controls(Node node) {
    if (node instanceof ScalarNode && Nodes.text(node).equals(STANDARD)) {
      return List.of(ControlArm.values());
    }
    List<String> names = Arrays.stream(ControlArm.values()).map(ControlArm::label).toList();
    if (!(node instanceof SequenceNode list) || list.getValue().isEmpty()) {
      faults.add(
          node,
          "expected 'standard', which is all controls, or a list of them: [%s]"
              .formatted(String.join(", ", names)));
      return List.of();
    }
    List<ControlArm> controls = new ArrayList<>();
    for (Node element : list.getValue()) {
      Optional<ControlArm> control = ControlArm.of(Nodes.text(element));
      if (control.isEmpty()) {
        faults.add(
            element,
            "there is no control '%s'.%s There are: %s"
                .formatted(
                    Nodes.text(element),
                    DidYouMean.among(Nodes.text(element), names),
                    String.join(", ", names)));
      } else if (controls.contains(control.get())) {
        faults.add(element, "'" + Nodes.text(element) + "' is there already");
      } else {
        controls.add(control.get());
      }
    }
    return controls;
  }

  /** Returns the quantity that arms are compared by, where a study says none. */
  static String primary(List<Metric> measure) {
    return measure.stream()
        .filter(Metric.OfPredictions.class::isInstance)
        .flatMap(metric -> metric.quantities().stream())
        .map(Metric.Quantity::name)
        .findFirst()
        .orElse("");
  }

  /** Reads {@code primary: accuracy}, a quantity that is measured and is no timing. */
  String primary(Node node, List<Metric> measure) {
    List<String> names =
        measure.stream()
            .flatMap(metric -> metric.quantities().stream())
            .filter(Metric.Quantity::reproducible)
            .map(Metric.Quantity::name)
            .toList();
    String name = Nodes.text(node);
    if (!names.contains(name) && !measure.isEmpty()) {
      faults.add(
          node,
          "arms are compared by a quantity that 'measure' gives and that is no timing, not by '%s'.%s There are: %s"
              .formatted(name, DidYouMean.among(name, names), String.join(", ", names)));
    }
    return name;
  }

  /** Reads {@code compare: [[imp, one-shot]]}. */
  List<List<String>> compare(Node node, Collection<String> names) {
    if (!(node instanceof SequenceNode list) || list.getValue().isEmpty()) {
      faults.add(node, EXAMPLE);
      return List.of();
    }
    List<List<String>> pairs = new ArrayList<>();
    for (Node element : list.getValue()) {
      if (!(element instanceof SequenceNode pair) || pair.getValue().size() != 2) {
        faults.add(element, EXAMPLE);
        continue;
      }
      List<String> both = pair.getValue().stream().map(Nodes::text).toList();
      pair.getValue().stream()
          .filter(each -> !names.contains(Nodes.text(each)))
          .forEach(
              each ->
                  faults.add(
                      each,
                      "there is no arm '%s' to compare.%s There are: %s"
                          .formatted(
                              Nodes.text(each),
                              DidYouMean.among(Nodes.text(each), names),
                              String.join(", ", names))));
      boolean twice =
          pairs.stream().anyMatch(earlier -> new HashSet<>(earlier).equals(new HashSet<>(both)));
      if (both.get(0).equals(both.get(1))) {
        faults.add(element, "'" + both.get(0) + "' cannot be compared with itself");
      } else if (twice) {
        faults.add(element, "this pair is there already");
      }
      pairs.add(both);
    }
    return pairs;
  }
}

package io.secateur.study;

import io.secateur.plugin.Binder;
import io.secateur.plugin.Faults;
import io.secateur.spi.Metric;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * Reads what a study measures, on which splits, and on how many of their examples: its sections
 * measure, measure-on and measure-examples.
 */
final class Measuring {
  private static final String EXAMPLE = "expected splits, test among them: [test, train]";

  private final Faults faults;
  private final Binder binder;
  private final Consumer<Node> refuseReferences;
  private List<Metric> metrics = List.of();
  private List<Split> on = List.of(Split.TEST);
  private int examples;

  /**
   * Reads sections.
   *
   * @param refuseReferences adds a fault for each reference to the grid
   */
  Measuring(Faults faults, Binder binder, Consumer<Node> refuseReferences) {
    this.faults = faults;
    this.binder = binder;
    this.refuseReferences = refuseReferences;
  }

  List<Metric> metrics() {
    return metrics;
  }

  /** Returns the splits that predictions are measured on; test alone where the study says none. */
  List<Split> on() {
    return on;
  }

  /** Returns how many examples of each split predictions are measured on; 0 for all. */
  int examples() {
    return examples;
  }

  void readExamples(Node node) {
    int before = faults.size();
    refuseReferences.accept(node);
    if (faults.size() > before) {
      return;
    }
    examples = binder.bind(node, Integer.class).orElse(1);
    if (examples < 1) {
      faults.add(
          node, "predictions are measured on at least 1 example of a split, was " + examples);
    }
  }

  void read(Node node, Optional<Task> task) {
    int before = faults.size();
    refuseReferences.accept(node);
    if (faults.size() > before) {
      return;
    }
    if (!(node instanceof SequenceNode list)) {
      binder.bindList(node, Metric.class);
      return;
    }
    if (list.getValue().isEmpty()) {
      faults.add(node, "expected at least one metric to measure");
    }
    List<Metric> found = new ArrayList<>();
    for (Node element : list.getValue()) {
      Optional<Metric> metric = binder.bind(element, Metric.class);
      if (metric.isEmpty()) {
        continue;
      }
      String name = metric.get().name();
      if (task.isPresent() && !metric.get().suits(task.get())) {
        faults.add(
            element,
            "'%s' cannot be measured on this data: its task is %s"
                .formatted(name, said(task.get())));
      }
      if (found.stream().anyMatch(earlier -> earlier.name().equals(name))) {
        faults.add(element, "'" + name + "' is measured already");
      }
      found.add(metric.get());
    }
    metrics = List.copyOf(found);
  }

  void readSplits(Node node) {
    int before = faults.size();
    refuseReferences.accept(node);
    if (faults.size() > before) {
      return;
    }
    if (!(node instanceof SequenceNode list)) {
      faults.add(node, EXAMPLE);
      return;
    }
    List<Split> found = new ArrayList<>();
    for (Node element : list.getValue()) {
      Optional<Split> split = binder.bind(element, Split.class);
      if (split.isEmpty()) {
        continue;
      }
      if (split.get() == Split.CALIBRATION) {
        faults.add(element, "calibration examples are drawn from train, on which can be measured");
      }
      if (found.contains(split.get())) {
        faults.add(element, "'" + Nodes.text(element) + "' is there already");
      }
      found.add(split.get());
    }
    if (faults.size() == before && !found.contains(Split.TEST)) {
      faults.add(node, EXAMPLE);
    }
    on = List.copyOf(found);
  }

  private static String said(Task task) {
    if (task instanceof Task.Regression) {
      return "regression of %d number%s".formatted(task.outputs(), task.outputs() == 1 ? "" : "s");
    }
    return task instanceof Task.Classification
        ? "telling %d classes apart".formatted(task.outputs())
        : "predicting the next of %d tokens".formatted(task.outputs());
  }
}

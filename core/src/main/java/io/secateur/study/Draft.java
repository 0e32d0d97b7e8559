package io.secateur.study;

import io.secateur.spi.Metric;
import io.secateur.spi.ModelSource;
import io.secateur.spi.Point;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import io.secateur.spi.TrainingStage;
import io.secateur.study.Plan.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The nodes of a plan while it grows: distinct by key, trainings cut wherever a later rewind asks.
 *
 * <p>The checkpoint at a cut has the training's own past and the step in its key. The training
 * keeps the key it would have uncut, since cut or not it gives the same bits; it only starts to
 * compute at its furthest cut.
 */
final class Draft {
  private final Study study;
  private final Surroundings surroundings;
  private final Keys keys;
  private final String fingerprint;
  private final Map<ModelSource, String> parameters;
  private final Map<String, Node> nodes = new LinkedHashMap<>();
  private final Map<String, TreeMap<Long, String>> cuts = new HashMap<>();
  private final StoredMasks masks = new StoredMasks();
  private final Map<Split, Integer> sizes = new EnumMap<>(Split.class);

  /**
   * A draft without nodes.
   *
   * @param fingerprint of the data
   * @param parameters by model the digest of the files that its first parameters are read from;
   *     empty for none
   */
  Draft(
      Study study,
      Surroundings surroundings,
      Keys keys,
      String fingerprint,
      Map<ModelSource, String> parameters) {
    this.study = study;
    this.surroundings = surroundings;
    this.keys = keys;
    this.fingerprint = fingerprint;
    this.parameters = parameters;
  }

  /** A training that an arm has met, and the checkpoint it started from. */
  record Training(
      String key, String from, TrainingStage stage, Map<Point, String> recalls, int round) {}

  /** Returns whether a model's first parameters are read from a file. */
  boolean comesTrained(ModelSource model) {
    return !parametersOf(model).isEmpty();
  }

  private String parametersOf(ModelSource model) {
    return parameters.getOrDefault(model, "");
  }

  String open(ModelSource model, long replicate) {
    String text =
        keys.open(
            study,
            model,
            fingerprint,
            parametersOf(model),
            replicate,
            List.of("engine " + surroundings.engine(), "device " + surroundings.device()));
    return add("", new Plan.Open(model), replicate, 0, text);
  }

  String run(String from, Stage stage, Map<Point, String> recalls, long replicate, int round) {
    String text = keys.stage(from, stage, stage.ordinal(round), recalls, digests(stage), 0);
    return add(from, new Plan.Run(stage, recalls), replicate, round, text);
  }

  /** Returns the stored masks that stages ask for, looked at once. */
  StoredMasks masks() {
    return masks;
  }

  private List<String> digests(Stage stage) {
    return stage.storedMasks().stream().sorted().map(masks::digest).toList();
  }

  /**
   * Cuts a training.
   *
   * @throws IllegalArgumentException when the step lies beyond its end
   */
  String cut(Training training, long step, long replicate) {
    int round = training.round();
    TrainingStage stage = training.stage();
    long steps = stage.steps(examples());
    if (step > steps) {
      throw new IllegalArgumentException(
          "step %d to go back to lies beyond the %d steps of '%s'"
              .formatted(step, steps, stage.name()));
    }
    if (step == 0) {
      return training.from();
    }
    if (step == steps) {
      return training.key();
    }
    String text =
        keys.stage(
            training.from(), stage, stage.ordinal(round), training.recalls(), digests(stage), step);
    String key =
        add(
            training.from(),
            new Plan.Run(stage.until(step), training.recalls()),
            replicate,
            round,
            text);
    cuts.computeIfAbsent(training.key(), unused -> new TreeMap<>()).put(step, key);
    return key;
  }

  /** Returns how many training examples there are. */
  int examples() {
    return examples(Split.TRAIN);
  }

  /** Returns how many examples a split has, read once and only when asked for. */
  int examples(Split split) {
    return sizes.computeIfAbsent(split, this::read);
  }

  private int read(Split split) {
    try {
      return study.data().size(split, surroundings.files());
    } catch (IOException e) {
      throw new UncheckedIOException(Faulty.message(e), e);
    }
  }

  /** Undoes a round that did not hold. */
  String check(String from, Plan.Check check, long replicate, int round) {
    return add(from, check, replicate, round, keys.check(from, check));
  }

  String measure(String checkpoint, Metric metric, Split on, long replicate, int round) {
    boolean reproducible = metric.quantities().stream().allMatch(Metric.Quantity::reproducible);
    String machine = reproducible ? "" : surroundings.machine();
    String text = keys.measurement(checkpoint, metric, on, thinned(metric, on), machine);
    return add(checkpoint, new Plan.Measure(metric, on), replicate, round, text);
  }

  /** Returns how many examples are measured, 0 for all: whoever has no more is measured whole. */
  private int thinned(Metric metric, Split on) {
    int asked = study.measureExamples();
    boolean fewer = asked != 0 && metric instanceof Metric.OfPredictions && asked < examples(on);
    return fewer ? asked : 0;
  }

  private String add(String parent, Plan.Work work, long replicate, int round, String text) {
    String key = Keys.key(text);
    nodes.putIfAbsent(key, new Node(key, parent, work, replicate, round, text));
    return key;
  }

  /**
   * Returns the nodes in an order that serves the places one after the other, each node after what
   * it needs.
   */
  List<Node> nodes(Collection<Plan.Place> places) {
    chainCuts();
    Set<String> order = new LinkedHashSet<>();
    for (Plan.Place place : places) {
      visit(place.checkpoint(), order);
      place.measured().forEach(leaf -> visit(leaf, order));
    }
    nodes.keySet().forEach(key -> visit(key, order));
    return order.stream().map(this::node).toList();
  }

  /** A cut computes on from the one before it, the training from the last. */
  private void chainCuts() {
    cuts.forEach(
        (training, steps) -> {
          String from = node(training).parent();
          for (String cut : steps.values()) {
            startFrom(cut, from);
            from = cut;
          }
          startFrom(training, from);
        });
  }

  private void startFrom(String key, String parent) {
    Node node = node(key);
    nodes.put(
        key, new Node(key, parent, node.work(), node.replicate(), node.round(), node.provenance()));
  }

  private Node node(String key) {
    Node node = nodes.get(key);
    if (node == null) {
      throw new IllegalStateException("no node " + key);
    }
    return node;
  }

  /** Iterative, since pipelines may be long: children push their needs before themselves. */
  private void visit(String key, Set<String> order) {
    List<String> stack = new ArrayList<>(List.of(key));
    Function<String, List<String>> missing =
        each -> node(each).needs().stream().filter(need -> !order.contains(need)).toList();
    while (!stack.isEmpty()) {
      String top = stack.get(stack.size() - 1);
      List<String> needs = order.contains(top) ? List.of() : missing.apply(top);
      if (needs.isEmpty()) {
        order.add(top);
        stack.remove(stack.size() - 1);
      } else {
        stack.add(needs.get(0));
      }
    }
  }
}

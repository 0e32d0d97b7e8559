package io.secateur.study;

import io.secateur.model.Checkpoint;
import io.secateur.spi.Metric;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import io.secateur.study.Plan.Node;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does single pieces of work: runs or measures, and publishes what that gave. */
final class Execution {
  private static final Logger LOG = LoggerFactory.getLogger(Execution.class);

  private final Plan plan;
  private final Store store;
  private final Bench bench;
  private final EventStream events;
  private final Clock clock;
  private final Surroundings surroundings;
  private final Checkpoints checkpoints;
  private final RoundCheck rounds;
  private final String host = Owner.current().host();

  Execution(
      Plan plan,
      Store store,
      Bench bench,
      EventStream events,
      Clock clock,
      Surroundings surroundings) {
    this.plan = plan;
    this.store = store;
    this.bench = bench;
    this.events = events;
    this.clock = clock;
    this.surroundings = surroundings;
    this.checkpoints = new Checkpoints(store);
    this.rounds = new RoundCheck(store, checkpoints, bench, events);
  }

  /** Opens a model, or runs a stage. */
  void step(Node node) throws IOException {
    Instant at = clock.instant();
    final long start = System.nanoTime();
    Optional<RoundState> standing = rounds.standing(node);
    if (standing.isPresent() && standing.get().passed()) {
      store.publish(
          manifest(
              node,
              rounds.model(node.parent()),
              List.of(),
              List.of(),
              List.of(),
              at,
              seconds(start),
              standing));
      passedOver(node);
      return;
    }
    events.send(Event.of(Event.Kind.STARTED, node.key(), ""));
    if (node.work() instanceof Plan.Check check) {
      RoundCheck.Verdict verdict = rounds.check(node, check, standing);
      Optional<RoundState> after = Optional.of(verdict.standing());
      publish(node, verdict.model(), verdict.rows(), List.of(), at, start, after);
      return;
    }
    List<Stage.Row> rows = List.of();
    Checkpoint checkpoint;
    if (node.work() instanceof Plan.Run run) {
      Checkpoint input = checkpoints.read(node.parent());
      StepContext context =
          new StepContext(node, run, plan.model(node), bench, checkpoints, events);
      double factor = standing.map(RoundState::factor).orElse(1.0);
      Stage stage = factor == 1 ? run.stage() : run.stage().eased(factor);
      Optional<String> refusal = stage.refusal(input.quantization().isPresent());
      if (refusal.isPresent()) {
        throw new IllegalArgumentException(refusal.get());
      }
      checkpoint = made(stage.run(input, context), "stage", stage.name());
      rows = context.rows();
    } else {
      checkpoint = bench.open(plan.model(node), Seeds.of(node.replicate(), "initialise", 0));
    }
    calm();
    Manifest.Model model = store.shelve(checkpoint);
    checkpoints.keep(node.key(), checkpoint);
    publish(node, model, rows, List.of(), at, start, standing);
  }

  /** Takes several measurements of one checkpoint on one split, predictions in one pass. */
  void measure(List<Node> leaves) throws IOException {
    Instant at = clock.instant();
    final long start = System.nanoTime();
    Map<Node, Metric> metrics = new LinkedHashMap<>();
    Split on = Split.TEST;
    String measured = leaves.get(0).parent();
    boolean passed = rounds.passed(measured);
    for (Node leaf : leaves) {
      if (!passed) {
        events.send(Event.of(Event.Kind.STARTED, leaf.key(), ""));
      }
      if (leaf.work() instanceof Plan.Measure measure) {
        metrics.put(leaf, measure.metric());
        on = measure.on();
      }
    }
    Bench.Measured results =
        passed
            ? new Bench.Measured(Map.of(), Map.of())
            : bench.measure(
                checkpoints.read(measured),
                List.copyOf(metrics.values()),
                store.scratch(),
                on,
                bench.examples());
    results.values().forEach(Execution::check);
    calm();
    double seconds = seconds(start) / leaves.size();
    List<Manifest> manifests = new ArrayList<>();
    for (Node leaf : leaves) {
      Metric metric = metrics.get(leaf);
      List<Metric.Value> own = results.values().getOrDefault(metric, List.of());
      List<Manifest.Bytes> kept = store.keep(results.kept().getOrDefault(metric, Map.of()));
      manifests.add(manifest(leaf, null, List.of(), own, kept, at, seconds, Optional.empty()));
    }
    store.publish(manifests.toArray(Manifest[]::new));
    for (Node leaf : leaves) {
      if (passed) {
        passedOver(leaf);
      } else {
        finished(leaf, seconds);
      }
    }
  }

  private static <T> T made(@Nullable T given, String kind, String name) {
    if (given == null) {
      throw new IllegalStateException("%s '%s' gave null".formatted(kind, name));
    }
    return given;
  }

  /** A plugin may leave its thread interrupted, and then nothing could be written. */
  private static void calm() {
    if (Thread.interrupted()) {
      LOG.debug("a plugin left its thread interrupted");
    }
  }

  /** A value that no table knows would be lost without a word. */
  private static void check(Metric metric, @Nullable List<Metric.Value> given) {
    List<Metric.Value> values = made(given, "metric", metric.name());
    List<String> names = metric.quantities().stream().map(Metric.Quantity::name).toList();
    for (Metric.Value value : values) {
      if (!names.contains(value.quantity())) {
        throw new IllegalStateException(
            "metric '%s' gave '%s', which is not among its quantities: %s"
                .formatted(metric.name(), value.quantity(), String.join(", ", names)));
      }
    }
  }

  private static double seconds(long start) {
    return (System.nanoTime() - start) / 1e9;
  }

  private void publish(
      Node node,
      Manifest.@Nullable Model model,
      List<Stage.Row> rows,
      List<Metric.Value> values,
      Instant at,
      long start,
      Optional<RoundState> standing)
      throws IOException {
    double seconds = seconds(start);
    store.publish(manifest(node, model, rows, values, List.of(), at, seconds, standing));
    finished(node, seconds);
  }

  private void finished(Node node, double seconds) {
    events.send(new Event(Event.Kind.FINISHED, node.key(), "", 0, 0, seconds));
  }

  /** Behind the end of rounds there is nothing to do, and nothing to tell but that it is done. */
  private void passedOver(Node node) {
    events.send(Event.of(Event.Kind.REUSED, node.key(), ""));
  }

  private Manifest manifest(
      Node node,
      Manifest.@Nullable Model model,
      List<Stage.Row> rows,
      List<Metric.Value> values,
      List<Manifest.Bytes> kept,
      Instant at,
      double seconds,
      Optional<RoundState> standing) {
    return new Manifest(
        Manifest.FORMAT,
        node.key(),
        node.provenance(),
        node.parent(),
        model,
        rows,
        values,
        kept,
        new Manifest.Made(
            surroundings.machine(), host, bench.threads(), at.toString(), seconds, Facts.version()),
        standing.orElse(null));
  }
}

package io.secateur.study;

import io.secateur.model.Checkpoint;
import io.secateur.spi.Metric;
import io.secateur.spi.Stage;
import io.secateur.spi.Stop;
import io.secateur.study.Plan.Node;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides whether rounds hold, and which steps have nothing left to do. */
final class RoundCheck {
  private final Store store;
  private final Checkpoints checkpoints;
  private final Bench bench;
  private final EventStream events;

  RoundCheck(Store store, Checkpoints checkpoints, Bench bench, EventStream events) {
    this.store = store;
    this.checkpoints = checkpoints;
    this.bench = bench;
    this.events = events;
  }

  /** What a check gave: which checkpoint goes on, and how the arm stands. */
  record Verdict(Manifest.Model model, List<Stage.Row> rows, RoundState standing) {}

  /** Returns how an arm stands where a step begins. */
  Optional<RoundState> standing(Node node) throws IOException {
    RoundState got = node.parent().isEmpty() ? null : of(node.parent()).standing();
    return RoundState.after(got, node.round());
  }

  /** Returns whether a step gave only what it got, since its round does not count. */
  boolean passed(String key) throws IOException {
    RoundState standing = of(key).standing();
    return standing != null && standing.passed();
  }

  Manifest.Model model(String key) throws IOException {
    Manifest.@Nullable Model model = of(key).model();
    if (model == null) {
      throw new IllegalStateException("step " + key + " is a measurement, not a checkpoint");
    }
    return model;
  }

  private Manifest of(String key) throws IOException {
    return store
        .manifest(key)
        .orElseThrow(() -> new DamagedStepException(key, "it is not in the store"));
  }

  Verdict check(Node node, Plan.Check check, Optional<RoundState> got) throws IOException {
    Stop stop = check.stop();
    RoundState standing =
        got.isPresent() ? got.get() : RoundState.start(measure(check.start(), stop), check.until());
    double now = measure(node.parent(), stop);
    boolean holds = stop.holds(standing.before(), now);
    RoundState after = holds ? standing : standing.without(node.round(), stop.halve());
    List<Stage.Row> rows = new ArrayList<>();
    rows.add(row(holds ? "held" : after.ended() ? "ended" : "undone", now, stop));
    rows.add(row("before", standing.before(), stop));
    if (!holds && !after.ended()) {
      rows.add(new Stage.Row("undone/factor", after.factor(), "", "", 0, ""));
    }
    if (!holds) {
      say(node, stop, after, now);
    }
    return new Verdict(model(holds ? node.parent() : check.held()), rows, after);
  }

  private void say(Node node, Stop stop, RoundState after, double now) {
    String outcome =
        after.ended()
            ? "the rounds end and keep the one before"
            : "from here on the fractions that go are multiplied by " + after.factor();
    events.send(
        Event.of(
            Event.Kind.SAID,
            node.key(),
            String.format(
                Locale.ROOT,
                "round %d is undone: %s %.4g, before the first round %.4g (%s); %s",
                node.round(),
                stop.quantity().name(),
                now,
                after.before(),
                stop.words(),
                outcome)));
  }

  private static Stage.Row row(String what, double value, Stop stop) {
    String unit = stop.quantity().unit();
    return new Stage.Row(what + "/" + stop.quantity().name(), value, "", stop.split(), 0, unit);
  }

  private double measure(String key, Stop stop) throws IOException {
    Checkpoint checkpoint = checkpoints.read(key);
    Metric metric = stop.metric().orElseThrow();
    return bench
        .measure(checkpoint, List.of(metric), store.scratch(), stop.on())
        .values()
        .getOrDefault(metric, List.of())
        .stream()
        .filter(value -> value.quantity().equals(stop.quantity().name()))
        .filter(value -> value.layer().isEmpty())
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "metric '%s' gave no value of the whole model".formatted(metric.name())))
        .value();
  }
}

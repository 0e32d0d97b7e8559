package io.secateur.study;

import io.secateur.model.Checkpoint;
import io.secateur.spi.Metric;
import io.secateur.spi.Stage;
import io.secateur.study.Plan.Node;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One worker's way through a plan: claims the first step that is ready and not in the store, runs
 * it, publishes it, and so on until every step is in the store or has failed.
 */
final class Shift {
  private static final Logger LOG = LoggerFactory.getLogger(Shift.class);
  private static final long BEAT = 5_000;

  private final Plan plan;
  private final Store store;
  private final Bench bench;
  private final EventStream events;
  private final Clock clock;
  private final Surroundings surroundings;
  private final Checkpoints checkpoints;
  private final Set<String> done = new HashSet<>();
  private final Map<String, String> failed;
  private int passes;
  private final Set<String> checked = new HashSet<>();
  private final Set<String> mended = new HashSet<>();

  Shift(
      Plan plan,
      Store store,
      Bench bench,
      EventStream events,
      Clock clock,
      Surroundings surroundings,
      Map<String, String> failed) {
    this.plan = plan;
    this.store = store;
    this.bench = bench;
    this.events = events;
    this.clock = clock;
    this.surroundings = surroundings;
    this.checkpoints = new Checkpoints(store);
    this.failed = new HashMap<>(failed);
  }

  void work() throws IOException {
    Thread heart = new Thread(this::live, "heartbeat");
    heart.setDaemon(true);
    heart.start();
    try {
      while (true) {
        Pass pass = pass();
        if (pass == Pass.COMPLETE) {
          return;
        }
        if (pass == Pass.IDLE) {
          Pause.millis(100);
        }
      }
    } finally {
      heart.interrupt();
    }
  }

  /** Gives signs of life until interrupted. */
  private void live() {
    try {
      while (true) {
        Pause.millis(BEAT);
        store.claims().beat();
      }
    } catch (InterruptedIOException e) {
      LOG.debug("the work is over");
    } catch (IOException e) {
      LOG.warn("no sign of life can be given any more", e);
    }
  }

  /** How going through the plan once ended. */
  private enum Pass {
    /** Nothing is left. */
    COMPLETE,
    /** Something was done, and something is left. */
    WORKED,
    /** All that is left is with other processes. */
    IDLE
  }

  private Pass pass() throws IOException {
    boolean waiting = false;
    boolean worked = false;
    for (Node node : plan.nodes()) {
      String key = node.key();
      if (done.contains(key) || failed.containsKey(key)) {
        continue;
      }
      if (node.needs().stream().anyMatch(failed::containsKey)) {
        failed.put(key, "");
      } else if (stored(key)) {
        done.add(key);
        if (passes > 0) {
          events.send(Event.of(Event.Kind.REUSED, key, ""));
        }
      } else if (!done.containsAll(node.needs()) || !attempt(node)) {
        waiting = true;
      } else {
        worked = true;
        // Not done when a damaged step was found, which comes first again.
        waiting |= !done.contains(key) && !failed.containsKey(key);
      }
    }
    passes++;
    return waiting ? (worked ? Pass.WORKED : Pass.IDLE) : Pass.COMPLETE;
  }

  /** Returns whether a step is in the store, and readable: a damaged one is forgotten. */
  private boolean stored(String key) throws IOException {
    if (!store.contains(key)) {
      return false;
    }
    if (checked.add(key)) {
      try {
        store.manifest(key);
      } catch (DamagedStepException e) {
        mend(e);
        return false;
      }
    }
    return true;
  }

  /** Forgets a damaged step, so that it is run again; a disk that keeps doing it is left alone. */
  private void mend(DamagedStepException e) throws IOException {
    if (!mended.add(e.key())) {
      throw new StudyException(
          "stored step %s is damaged again (%s): the disk under the store does not keep what is"
                  .formatted(short8(e.key()), e.getMessage())
              + " written to it");
    }
    warn(
        "stored step %s is damaged (%s); it is run again"
            .formatted(short8(e.key()), e.getMessage()));
    store.discard(e.key());
    done.remove(e.key());
  }

  static String short8(String key) {
    return key.substring(0, Math.min(8, key.length()));
  }

  private void warn(String line) {
    events.send(Event.of(Event.Kind.WARNED, "", line));
  }

  /** Runs a step unless another process has claimed it; returns false in that case. */
  private boolean attempt(Node node) throws IOException {
    boolean alone = node.work() instanceof Plan.Measure m && timed(m.metric());
    if (alone && !store.claims().takeAlone()) {
      return false;
    }
    try {
      List<Node> together = claim(node);
      if (together.isEmpty()) {
        return false;
      }
      try {
        while (alone && store.claims().othersAreBusy()) {
          Pause.millis(100);
        }
        if (!stored(node.key())) {
          run(together);
        }
        return true;
      } finally {
        for (Node each : together) {
          store.claims().release(each.key());
        }
      }
    } finally {
      if (alone) {
        store.claims().releaseAlone();
      }
    }
  }

  /** Claims a step and, for a measurement, what can be measured on the checkpoint beside it. */
  private List<Node> claim(Node node) throws IOException {
    if (!store.claims().take(node.key())) {
      return List.of();
    }
    List<Node> claimed = new ArrayList<>(List.of(node));
    if (node.work() instanceof Plan.Measure measure && !timed(measure.metric())) {
      for (Node other : plan.nodes()) {
        if (other.parent().equals(node.parent())
            && other.work() instanceof Plan.Measure m
            && !timed(m.metric())
            && !other.equals(node)
            && !failed.containsKey(other.key())
            && !stored(other.key())
            && store.claims().take(other.key())) {
          claimed.add(other);
        }
      }
    }
    return claimed;
  }

  private static boolean timed(Metric metric) {
    return metric.quantities().stream().anyMatch(quantity -> !quantity.reproducible());
  }

  private void run(List<Node> together) throws IOException {
    try {
      if (together.get(0).work() instanceof Plan.Measure) {
        measure(together);
      } else {
        step(together.get(0));
      }
    } catch (DamagedStepException e) {
      mend(e);
    } catch (Throwable e) {
      if (together.size() > 1) {
        // Which of them it was shows when each is measured alone.
        for (Node node : together) {
          run(List.of(node));
        }
        return;
      }
      fail(together.get(0), e);
    }
  }

  private void fail(Node node, Throwable cause) {
    LOG.warn("step {} ({}) failed", node.key(), node.name(), cause);
    String message = Faulty.sentence(cause);
    failed.put(node.key(), message);
    events.send(Event.of(Event.Kind.FAILED, node.key(), message));
  }

  private void step(Node node) throws IOException {
    Instant at = clock.instant();
    final long start = System.nanoTime();
    events.send(Event.of(Event.Kind.STARTED, node.key(), ""));
    List<Stage.Row> rows = List.of();
    Checkpoint checkpoint;
    if (node.work() instanceof Plan.Run run) {
      Checkpoint input = checkpoints.read(node.parent());
      StepContext context = new StepContext(node, run, bench, checkpoints, events);
      checkpoint = run.stage().run(input, context);
      rows = context.rows();
    } else {
      Study study = plan.study();
      checkpoint = study.model().open(bench.task(), Seeds.of(node.replicate(), "initialise", 0));
    }
    Manifest.Model model = store.shelve(checkpoint);
    checkpoints.keep(node.key(), checkpoint);
    publish(node, model, rows, List.of(), at, seconds(start));
  }

  private void measure(List<Node> leaves) throws IOException {
    Instant at = clock.instant();
    final long start = System.nanoTime();
    Map<Node, Metric> metrics = new LinkedHashMap<>();
    for (Node leaf : leaves) {
      events.send(Event.of(Event.Kind.STARTED, leaf.key(), ""));
      if (leaf.work() instanceof Plan.Measure measure) {
        metrics.put(leaf, measure.metric());
      }
    }
    Checkpoint checkpoint = checkpoints.read(leaves.get(0).parent());
    Map<Metric, List<Metric.Value>> values =
        bench.measure(checkpoint, List.copyOf(metrics.values()), store.scratch());
    double seconds = seconds(start) / leaves.size();
    for (Node leaf : leaves) {
      List<Metric.Value> own = values.getOrDefault(metrics.get(leaf), List.of());
      publish(leaf, null, List.of(), own, at, seconds);
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
      double seconds)
      throws IOException {
    store.publish(
        new Manifest(
            Manifest.FORMAT,
            node.key(),
            node.provenance(),
            node.parent(),
            model,
            rows,
            values,
            new Manifest.Made(
                surroundings.machine(),
                Owner.current().host(),
                bench.threads(),
                at.toString(),
                seconds,
                Facts.version())));
    done.add(node.key());
    checked.add(node.key());
    events.send(new Event(Event.Kind.FINISHED, node.key(), "", 0, 0, seconds));
  }
}

package io.secateur.study;

import io.secateur.spi.Metric;
import io.secateur.study.Plan.Node;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
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
  private final EventStream events;
  private final Execution execution;
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
    this.events = events;
    this.execution = new Execution(plan.study(), store, bench, events, clock, surroundings);
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

  /** Returns whether a step is in the store, and undamaged: a damaged one is forgotten. */
  private boolean stored(String key) throws IOException {
    if (!store.contains(key)) {
      return false;
    }
    if (checked.add(key)) {
      try {
        store.check(key);
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
            && m.on() == measure.on()
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
        execution.measure(together);
      } else {
        execution.step(together.get(0));
      }
      for (Node node : together) {
        done.add(node.key());
        checked.add(node.key());
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
}

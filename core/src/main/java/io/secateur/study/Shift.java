package io.secateur.study;

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
 *
 * <p>Who times something is alone on its machine: it lets nobody begin anything, and waits until
 * the others have ended what they are at. So that nobody waits for that in between, timing is left
 * while others are at work and the plan has other steps; a worker by itself keeps to the plan's
 * order.
 */
final class Shift {
  private static final Logger LOG = LoggerFactory.getLogger(Shift.class);
  private static final long BEAT = 5_000;
  private static final long SHORTEST_WAIT = 50;
  private static final long LONGEST_WAIT = 500;

  private final Plan plan;
  private final Store store;
  private final EventStream events;
  private final Execution execution;
  private final Set<String> done = new HashSet<>();
  private final Map<String, String> failed = new HashMap<>();
  private final Map<String, String> failedElsewhere;
  private final Set<String> apart;
  private int passes;
  private final Set<String> checked = new HashSet<>();
  private final Set<String> mended = new HashSet<>();

  /**
   * A shift.
   *
   * @param failed steps that are not to be tried; other threads may add to them
   * @param apart measurements to be taken one by one
   */
  Shift(
      Plan plan,
      Store store,
      Bench bench,
      EventStream events,
      Clock clock,
      Surroundings surroundings,
      Map<String, String> failed,
      Set<String> apart) {
    this.plan = plan;
    this.store = store;
    this.events = events;
    this.execution = new Execution(plan, store, bench, events, clock, surroundings);
    this.failedElsewhere = failed;
    this.apart = apart;
  }

  void work() throws IOException {
    Thread heart = new Thread(this::live, "heartbeat");
    heart.setDaemon(true);
    heart.start();
    try {
      long wait = SHORTEST_WAIT;
      while (true) {
        // Who waits must not disturb who times: not even by looking through the plan.
        Pass pass = store.claims().othersAreAlone() ? Pass.IDLE : pass();
        if (pass == Pass.COMPLETE) {
          return;
        }
        if (pass == Pass.IDLE) {
          Pause.millis(wait);
        }
        wait = pass == Pass.IDLE ? Math.min(2 * wait, LONGEST_WAIT) : SHORTEST_WAIT;
      }
    } catch (IOException e) {
      throw NoRoomException.told(e, store.folder());
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
    boolean othersLeft = false;
    List<Node> postponed = new ArrayList<>();
    failedElsewhere.forEach(failed::putIfAbsent);
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
      } else if (!done.containsAll(node.needs())) {
        waiting = true;
        othersLeft |= !node.isTimed();
      } else if (node.isTimed() && store.claims().othersAreBusy()) {
        postponed.add(node);
      } else {
        boolean attempted = attempt(node);
        worked |= attempted;
        waiting |= !attempted || unfinished(node);
        othersLeft |= !node.isTimed() && unfinished(node);
      }
    }
    passes++;
    if (!worked && !othersLeft && !postponed.isEmpty()) {
      worked = attempt(postponed.get(0));
    }
    waiting |= postponed.stream().anyMatch(this::unfinished);
    return waiting ? (worked ? Pass.WORKED : Pass.IDLE) : Pass.COMPLETE;
  }

  /** Not done even when attempted, if a damaged step was found, which comes first again. */
  private boolean unfinished(Node node) {
    return !done.contains(node.key()) && !failed.containsKey(node.key());
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

  /**
   * Forgets a damaged step, so that it is run again; a disk that keeps doing it is left alone.
   * Under its claim, and seen again under it: another worker may be mending it, or have done so.
   */
  private void mend(DamagedStepException e) throws IOException {
    checked.remove(e.key());
    done.remove(e.key());
    boolean held = store.claims().has(e.key());
    if (!store.claims().take(e.key())) {
      return;
    }
    try {
      if (!store.contains(e.key())) {
        // Another worker forgot it; what is left of its folder would be in the way.
        store.discard(e.key());
      } else if (!store.canBeRead(e.key())) {
        discard(e);
      }
    } finally {
      if (!held) {
        store.claims().release(e.key());
      }
    }
  }

  private void discard(DamagedStepException e) throws IOException {
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
  }

  static String short8(String key) {
    return key.substring(0, Math.min(8, key.length()));
  }

  private void warn(String line) {
    events.send(Event.of(Event.Kind.WARNED, "", line));
  }

  /** Runs a step unless another process has claimed it; returns false in that case. */
  private boolean attempt(Node node) throws IOException {
    boolean alone = node.isTimed();
    if (alone && !store.claims().takeAlone()) {
      return false;
    }
    try {
      List<Node> together = new ArrayList<>();
      try {
        claim(node, together);
        if (together.isEmpty()) {
          return false;
        }
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

  /**
   * Claims a step and, for a measurement, what can be measured on the checkpoint beside it.
   *
   * @param claimed is told of each as it is claimed: on a full disk the next may throw
   */
  private void claim(Node node, List<Node> claimed) throws IOException {
    if (!store.claims().take(node.key())) {
      return;
    }
    claimed.add(node);
    if (node.work() instanceof Plan.Measure measure
        && !node.isTimed()
        && !apart.contains(node.key())) {
      for (Node other : plan.nodes()) {
        if (other.parent().equals(node.parent())
            && other.work() instanceof Plan.Measure m
            && m.on() == measure.on()
            && !other.isTimed()
            && !other.equals(node)
            && !apart.contains(other.key())
            && !failed.containsKey(other.key())
            && !stored(other.key())
            && store.claims().take(other.key())) {
          claimed.add(other);
        }
      }
    }
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
    } catch (SpentException e) {
      throw e;
    } catch (Throwable e) {
      if (NoRoomException.isBehind(e)) {
        // No fault of the step, and what comes next would find no room either.
        throw NoRoomException.behind(e, store.folder());
      }
      if (together.size() > 1) {
        // Which of them it was shows when each is measured alone.
        for (Node node : together) {
          run(List.of(node));
        }
        return;
      }
      fail(together.get(0), e);
      if (e instanceof VirtualMachineError) {
        // Whichever thread ran out of memory or stack, what it was at is half done.
        throw new SpentException(e);
      }
    } finally {
      // A plugin may leave its thread interrupted, and then no later step could read or write.
      if (Thread.interrupted()) {
        LOG.debug("step {} left its thread interrupted", together.get(0).key());
      }
    }
  }

  private void fail(Node node, Throwable cause) {
    LOG.warn("step {} ({}) failed", node.key(), node.name(), cause);
    String message = Faulty.sentence(cause);
    failed.put(node.key(), message);
    events.send(Event.of(Event.Kind.FAILED, node.key(), message));
  }
}

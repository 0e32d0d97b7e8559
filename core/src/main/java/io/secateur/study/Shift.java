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
 * <p>The first by the plan's order where this is the only worker, else by {@link Precedence}.
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
  private final Precedence precedence;
  private final Finished finished;
  private boolean began;
  private boolean useful;
  private int others;

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
    this.precedence = new Precedence(plan);
    this.finished = new Finished(store, events);
  }

  /** Works until nothing is left, and returns whether any of it was done here. */
  boolean work() throws IOException {
    Thread heart = new Thread(this::live, "heartbeat");
    heart.setDaemon(true);
    heart.start();
    try {
      long wait = SHORTEST_WAIT;
      while (true) {
        // Who waits must not disturb who times: not even by looking through the plan.
        Pass pass = store.claims().othersAreAlone() ? Pass.IDLE : pass();
        if (pass == Pass.COMPLETE) {
          return useful;
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
    if (!began) {
      look();
      began = true;
    }
    for (Node node : order()) {
      String key = node.key();
      if (isSettled(key)) {
        continue;
      }
      if (node.needs().stream().anyMatch(failed::containsKey)) {
        failed.put(key, "");
      } else if (finished.contains(key)) {
        done.add(key);
        events.send(Event.of(Event.Kind.REUSED, key, ""));
      } else if (!done.containsAll(node.needs())) {
        waiting = true;
        othersLeft |= !node.isTimed();
      } else if (node.isTimed() && store.claims().othersAreBusy()) {
        postponed.add(node);
      } else {
        boolean attempted = attempt(node);
        if (attempted && others > 0) {
          // What comes first now is not what did before.
          return Pass.WORKED;
        }
        worked |= attempted;
        waiting |= !attempted || unfinished(node);
        othersLeft |= !node.isTimed() && unfinished(node);
      }
    }
    if (!worked && !othersLeft && !postponed.isEmpty()) {
      worked = attempt(postponed.get(0));
    }
    waiting |= postponed.stream().anyMatch(this::unfinished);
    return waiting ? (worked ? Pass.WORKED : Pass.IDLE) : Pass.COMPLETE;
  }

  /** Looks for what was done before, of which whoever started this worker knows. */
  private void look() throws IOException {
    for (Node node : plan.nodes()) {
      if (finished.contains(node.key())) {
        done.add(node.key());
      }
    }
  }

  private List<Node> order() throws IOException {
    // Between two steps a worker has no claim, and is there all the same.
    others = Math.max(others, store.claims().othersHere());
    return others == 0 ? plan.nodes() : precedence.order(this::isSettled, others + 1);
  }

  private boolean isSettled(String key) {
    return done.contains(key) || failed.containsKey(key);
  }

  /** Not done even when attempted, if a damaged step was found, which comes first again. */
  private boolean unfinished(Node node) {
    return !isSettled(node.key());
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
        if (!finished.contains(node.key())) {
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
            && !finished.contains(other.key())
            && store.claims().take(other.key())) {
          claimed.add(other);
        }
      }
    }
  }

  private void run(List<Node> together) throws IOException {
    long start = System.nanoTime();
    try {
      if (together.get(0).work() instanceof Plan.Measure) {
        execution.measure(together);
      } else {
        execution.step(together.get(0));
      }
      useful = true;
      double seconds = (System.nanoTime() - start) / 1e9 / together.size();
      for (Node node : together) {
        precedence.took(node, seconds);
        done.add(node.key());
        finished.add(node.key());
      }
    } catch (DamagedStepException e) {
      done.remove(e.key());
      finished.mend(e);
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

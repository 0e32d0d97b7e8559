package io.secateur.cli;

import io.secateur.study.Plan;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Estimates how long the rest of a plan takes: what is left of each kind of step times what that
 * kind took so far, or times the mean of all where none of the kind has finished. Steps differ by
 * orders of magnitude, so counting them would mislead. Workers divide all but what is timed, which
 * runs alone.
 */
final class TimeLeft {
  private final Map<String, Integer> left = new HashMap<>();
  private final Map<String, Integer> finished = new HashMap<>();
  private final Map<String, Double> seconds = new HashMap<>();
  private final Set<String> timed = new HashSet<>();
  private final int workers;

  TimeLeft(Plan plan, Set<String> done, int workers) {
    this.workers = workers;
    for (Plan.Node node : plan.nodes()) {
      if (!done.contains(node.key())) {
        left.merge(kind(node), 1, Integer::sum);
        if (node.isTimed()) {
          timed.add(kind(node));
        }
      }
    }
  }

  synchronized void finished(Plan.Node node, double took) {
    gone(node);
    finished.merge(kind(node), 1, Integer::sum);
    seconds.merge(kind(node), took, Double::sum);
  }

  /** A step that will not be done. */
  synchronized void gone(Plan.Node node) {
    left.computeIfPresent(kind(node), (kind, count) -> count > 1 ? count - 1 : null);
  }

  /** Returns the estimate; nothing before a step has finished. */
  synchronized Optional<Duration> estimate() {
    int all = finished.values().stream().mapToInt(Integer::intValue).sum();
    if (all == 0) {
      return Optional.empty();
    }
    double mean = seconds.values().stream().mapToDouble(Double::doubleValue).sum() / all;
    double rest = 0;
    for (Map.Entry<String, Integer> kind : left.entrySet()) {
      int count = finished.getOrDefault(kind.getKey(), 0);
      double each = count == 0 ? mean : seconds.getOrDefault(kind.getKey(), 0.0) / count;
      int beside = timed.contains(kind.getKey()) ? 1 : Math.min(workers, kind.getValue());
      rest += kind.getValue() * each / beside;
    }
    return Optional.of(Duration.ofMillis(Math.round(rest * 1000)));
  }

  private static String kind(Plan.Node node) {
    return node.work().getClass().getSimpleName() + " " + node.name();
  }
}

package io.secateur.study;

import io.secateur.study.Plan.Node;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Which steps come first where several workers divide a plan. By the plan's order an arm is ended
 * before the next begins, and the last would be worked off by one worker while the others have
 * nothing left. So as soon as the run cannot end before its longest chain of steps does, those come
 * first that most follows from (Hu, Parallel sequencing and assembly line problems, 1961). How long
 * a step takes is what steps of its kind took before.
 */
final class Precedence {
  private final Plan plan;
  private final Map<String, String> kinds = new HashMap<>();
  private final Map<String, Usual> usual = new HashMap<>();

  Precedence(Plan plan) {
    this.plan = plan;
  }

  private record Usual(double seconds, int steps) {
    Usual and(double more) {
      return new Usual(seconds + more, steps + 1);
    }

    double mean() {
      return seconds / steps;
    }
  }

  /** Learns how long a step took. */
  void took(Node node, double seconds) {
    usual.merge(kind(node), new Usual(seconds, 1), (old, one) -> old.and(seconds));
  }

  private String kind(Node node) {
    return kinds.computeIfAbsent(node.key(), key -> Estimate.kind(node.provenance()));
  }

  /**
   * Returns all steps in the order in which they are to be tried.
   *
   * @param settled whether a step, by its key, needs no work any more
   * @param workers that work now, this one included
   */
  List<Node> order(Predicate<String> settled, int workers) {
    double unknown = usual.values().stream().mapToDouble(Usual::mean).average().orElse(1);
    Map<String, Double> behind = new HashMap<>();
    Map<String, Double> chains = new HashMap<>();
    double longest = 0;
    double all = 0;
    for (int i = plan.nodes().size() - 1; i >= 0; i--) {
      Node node = plan.nodes().get(i);
      // What is timed is done while nobody works.
      if (!settled.test(node.key()) && !node.isTimed()) {
        Usual known = usual.get(kind(node));
        double seconds = known == null ? unknown : known.mean();
        double chain = seconds + behind.getOrDefault(node.key(), 0.0);
        node.needs().forEach(need -> behind.merge(need, chain, Math::max));
        chains.put(node.key(), chain);
        longest = Math.max(longest, chain);
        all += seconds;
      }
    }
    if (longest * workers < all) {
      return plan.nodes();
    }
    List<Node> order = new ArrayList<>(plan.nodes());
    order.sort(
        Comparator.comparingDouble((Node node) -> chains.getOrDefault(node.key(), 0.0)).reversed());
    return order;
  }
}

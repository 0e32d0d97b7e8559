package io.secateur.study;

import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.study.Plan.Node;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PrecedenceTest {
  /** One training and five more in a chain, for each of three seeds. */
  private static final Plan PLAN =
      Lab.plan(
          Lab.study(
              "seeds: [1, 2, 3]",
              "pipeline: [train, {rounds: {rounds: 5, stages: [prune, tune]}}]",
              "measure: [total, jitter]"));

  private static double seconds(Node node) {
    return switch (node.name()) {
      case "train", "tune" -> 10;
      case "jitter" -> 100;
      default -> 0.1;
    };
  }

  /** Returns when two workers have done all that is not timed. */
  private static double end(boolean byPrecedence) {
    List<Precedence> workers = List.of(new Precedence(PLAN), new Precedence(PLAN));
    double[] free = new double[2];
    Set<String> begun = new HashSet<>();
    List<Ended> running = new ArrayList<>();
    Set<String> done = new HashSet<>();
    while (true) {
      int worker = free[0] <= free[1] ? 0 : 1;
      double now = free[worker];
      running.removeIf(each -> each.at <= now && done.add(each.key));
      Set<String> settled = begun;
      List<Node> order =
          byPrecedence ? workers.get(worker).order(settled::contains, 2) : PLAN.nodes();
      Node next =
          order.stream()
              .filter(node -> !node.isTimed() && !begun.contains(node.key()))
              .filter(node -> done.containsAll(node.needs()))
              .findFirst()
              .orElse(null);
      if (next != null) {
        begun.add(next.key());
        free[worker] = now + seconds(next);
        running.add(new Ended(next.key(), free[worker]));
        workers.get(worker).took(next, seconds(next));
      } else if (running.isEmpty()) {
        return now;
      } else {
        // Waits for the other, which is at what everything left needs.
        free[worker] = running.stream().mapToDouble(Ended::at).min().orElseThrow();
      }
    }
  }

  private record Ended(String key, double at) {}

  @Test
  void noWorkerIsLeftWithAWholeSeed() {
    // 18 trainings: 9 for each worker, where the plan's order leaves 12 to one of them.
    assertThat(end(false)).isGreaterThan(120);
    assertThat(end(true)).isBetween(90.0, 92.0);
  }

  @Test
  void keepsToThePlanWhileItsEndDependsOnNoChain() {
    Precedence precedence = new Precedence(PLAN);
    assertThat(precedence.order(key -> false, 2)).isEqualTo(PLAN.nodes());
    List<Node> pressing = precedence.order(key -> false, 5);
    assertThat(pressing).containsExactlyInAnyOrderElementsOf(PLAN.nodes());
    assertThat(pressing).isNotEqualTo(PLAN.nodes());
    assertThat(pressing.subList(0, 6))
        .extracting(Node::name)
        .containsExactly("open", "open", "open", "train", "train", "train");
    assertThat(pressing.get(pressing.size() - 1).isTimed()).isTrue();
  }
}

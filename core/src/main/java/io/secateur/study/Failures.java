package io.secateur.study;

import io.secateur.study.RunInfo.Failure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Says which arms did not finish, and why: one line for each arm and seed. */
final class Failures {
  private Failures() {}

  /**
   * Returns the failures in plan order.
   *
   * @param failed what failed itself, with its reason
   */
  static List<Failure> of(Plan plan, Map<String, String> failed) {
    Map<String, String> roots = new HashMap<>();
    for (Plan.Node node : plan.nodes()) {
      if (failed.containsKey(node.key())) {
        roots.put(node.key(), node.key());
      } else {
        node.needs().stream()
            .filter(roots::containsKey)
            .findFirst()
            .ifPresent(need -> roots.put(node.key(), roots.getOrDefault(need, need)));
      }
    }
    Map<String, Plan.Node> nodes = plan.byKey();
    Set<String> told = new HashSet<>();
    List<Failure> failures = new ArrayList<>();
    for (Plan.Place place : plan.places()) {
      Optional<String> broken =
          Stream.concat(Stream.of(place.checkpoint()), place.measured().stream())
              .filter(roots::containsKey)
              .findFirst();
      if (broken.isPresent() && told.add(place.arm() + "\n" + place.seed())) {
        String root = roots.getOrDefault(broken.get(), "");
        Plan.Node culprit = nodes.get(root);
        failures.add(
            new Failure(
                place.arm(),
                place.seed(),
                place.round(),
                culprit == null ? place.stage() : culprit.name(),
                failed.getOrDefault(root, "")));
      }
    }
    return failures;
  }
}

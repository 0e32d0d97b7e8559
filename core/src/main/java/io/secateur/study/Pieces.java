package io.secateur.study;

import io.secateur.study.RunListener.Piece;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Names pieces of work by the first place they serve. */
final class Pieces {
  private final Map<String, Piece> byKey = new HashMap<>();

  Pieces(Plan plan) {
    Map<String, Plan.Place> first = new HashMap<>();
    for (Plan.Place place : plan.places()) {
      first.putIfAbsent(place.checkpoint(), place);
      place.measured().forEach(leaf -> first.putIfAbsent(leaf, place));
    }
    List<Plan.Node> nodes = plan.nodes();
    String arm = "";
    for (int i = nodes.size() - 1; i >= 0; i--) {
      Plan.Node node = nodes.get(i);
      Plan.Place place = first.get(node.key());
      // A cut serves no place of its own; what follows it in the plan is what asked for it.
      arm = place == null ? arm : place.arm();
      String what = node.work() instanceof Plan.Measure ? "measure " + node.name() : node.name();
      byKey.put(
          node.key(),
          new Piece(
              node,
              i + 1,
              nodes.size(),
              arm,
              node.replicate(),
              place == null ? node.round() : place.round(),
              what));
    }
  }

  Optional<Piece> of(String key) {
    return Optional.ofNullable(byKey.get(key));
  }
}

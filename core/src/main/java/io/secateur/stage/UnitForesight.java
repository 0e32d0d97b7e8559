package io.secateur.stage;

import io.secateur.model.Architecture;
import io.secateur.prune.Pruning;
import io.secateur.sparsity.Limits;
import io.secateur.sparsity.Scope;
import io.secateur.spi.Stage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Reckons how many units a pruning of coupled units will leave of each group. How many cells that
 * makes depends on which units of other groups meet them, and is known when run.
 */
final class UnitForesight {
  private final Scope scope;
  private final Limits limits;
  private final Architecture architecture;
  private final Map<String, Long> before;

  UnitForesight(Scope scope, Limits limits, Architecture architecture, Map<String, Long> before) {
    this.scope = scope;
    this.limits = limits;
    this.architecture = architecture;
    this.before = before;
  }

  Map<String, Long> after(List<Pruning.Group> groups) {
    Map<String, Long> after = new LinkedHashMap<>();
    if (scope instanceof Scope.Global && !groups.isEmpty()) {
      String all = groups.stream().map(Pruning.Group::name).collect(Collectors.joining(", "));
      long units = groups.stream().mapToLong(Pruning.Group::units).sum();
      OptionalLong lost = lost(all);
      // Which groups have no more to give, or are rounded, depends on scores.
      if (lost.isPresent() && !limits.binding()) {
        Foresight.grown(groups.get(0).amount(), units, lost.getAsLong())
            .ifPresent(count -> after.put(Stage.UNITS_OF + all, count));
      }
      return after;
    }
    for (Pruning.Group group : groups) {
      OptionalLong lost = lost(group.name());
      if (lost.isPresent()) {
        Foresight.grown(group.amount(), group.units(), lost.getAsLong(), limits)
            .ifPresent(count -> after.put(Stage.UNITS_OF + group.name(), count));
      }
    }
    return after;
  }

  /** What some groups have lost together, when it was lost so or the model is whole. */
  private OptionalLong lost(String names) {
    Long units = before.get(Stage.UNITS_OF + names);
    if (units != null) {
      return OptionalLong.of(units);
    }
    boolean whole =
        architecture.prunable().stream()
            .allMatch(spec -> before.getOrDefault(spec.name(), -1L) == 0);
    return whole ? OptionalLong.of(0) : OptionalLong.empty();
  }
}

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
      after.put(Stage.UNITS_OF + all, together(groups, lost(all)).orElse(Stage.UNKNOWN));
      return after;
    }
    for (Pruning.Group group : groups) {
      OptionalLong lost = lost(group.name());
      OptionalLong grown =
          lost.isEmpty()
              ? lost
              : Foresight.grown(group.amount(), group.units(), lost.getAsLong(), limits);
      after.put(Stage.UNITS_OF + group.name(), grown.orElse(Stage.UNKNOWN));
    }
    return after;
  }

  /** Which groups have no more to give, or are rounded, depends on scores. */
  private OptionalLong together(List<Pruning.Group> groups, OptionalLong lost) {
    if (lost.isEmpty() || limits.roundTo() > 1 || (limits.binding() && lost.getAsLong() > 0)) {
      return OptionalLong.empty();
    }
    long units = groups.stream().mapToLong(Pruning.Group::units).sum();
    long most = groups.stream().mapToLong(each -> limits.most(each.units(), each.units())).sum();
    OptionalLong grown = Foresight.grown(groups.get(0).amount(), units, lost.getAsLong());
    return grown.isEmpty() ? grown : OptionalLong.of(Math.min(most, grown.getAsLong()));
  }

  /** What some groups have lost together, when it was lost so or the model is whole. */
  private OptionalLong lost(String names) {
    Long units = before.get(Stage.UNITS_OF + names);
    if (units != null) {
      return units == Stage.UNKNOWN ? OptionalLong.empty() : OptionalLong.of(units);
    }
    boolean whole =
        architecture.prunable().stream()
            .allMatch(spec -> before.getOrDefault(spec.name(), -1L) == 0);
    return whole ? OptionalLong.of(0) : OptionalLong.empty();
  }
}

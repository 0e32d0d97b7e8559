package io.secateur.prune;

import io.secateur.model.Architecture;
import io.secateur.model.Coupling;
import io.secateur.model.ParameterSpec;
import io.secateur.model.UnitSpace;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Scope;
import io.secateur.spi.Statistic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The spaces of coupled units that a pruning takes: those whose units can be left out, and all of
 * whose weights take part.
 *
 * @param amounts by space, in the order of the network
 * @param spared weights that were to take part and keep their units, with the reason
 * @param faults what makes the pruning impossible, one line each
 */
record Spaces(
    Coupling coupling, Map<UnitSpace, Amount> amounts, List<String> spared, List<String> faults) {

  static Spaces of(Architecture architecture, Pruning pruning) {
    Coupling coupling = architecture.coupling();
    Map<UnitSpace, Amount> taken = new LinkedHashMap<>();
    List<String> spared = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    Map<String, Amount> asked = pruning.amounts();
    for (ParameterSpec spec : architecture.parameters()) {
      if (asked.containsKey(spec.name()) && !spec.prunable()) {
        faults.add(
            "%s cannot be pruned by itself when units are coupled: it goes with its unit; do not"
                    .formatted(spec.name())
                + " include it, or write output-units: {coupled: false}");
      }
    }
    for (UnitSpace space : coupling.spaces()) {
      List<String> wanted = space.producers().stream().filter(asked::containsKey).toList();
      if (wanted.isEmpty()) {
        continue;
      }
      String reason = reason(space, wanted, coupling);
      if (!reason.isEmpty()) {
        spared.add("%s (%s)".formatted(String.join(" + ", wanted), reason));
        continue;
      }
      Amount amount = asked.get(wanted.get(0));
      for (String name : wanted) {
        if (amount == null || !amount.equals(asked.get(name))) {
          faults.add(
              "%s lose the same units, but different amounts are asked of them; ask for one"
                  .formatted(space.name()));
          break;
        }
      }
      if (amount != null) {
        taken.put(space, amount);
        unsuited(pruning, coupling, space, faults);
      }
    }
    counts(pruning, taken, faults);
    if (taken.isEmpty() && faults.isEmpty() && !asked.isEmpty()) {
      faults.add("no units can be pruned: " + String.join(", ", spared));
    }
    return new Spaces(coupling, taken, List.copyOf(spared), List.copyOf(faults));
  }

  private static String reason(UnitSpace space, List<String> wanted, Coupling coupling) {
    if (space.fixed().isPresent()) {
      return space.fixed().get();
    }
    List<String> others = new ArrayList<>(space.producers());
    others.removeAll(wanted);
    if (!others.isEmpty()) {
      return "tied to %s, which stays as it is".formatted(String.join(" + ", others));
    }
    return SpaceMatrix.even(coupling, space)
        ? ""
        : "its units own different numbers of rows, which no method could compare";
  }

  private static void unsuited(
      Pruning pruning, Coupling coupling, UnitSpace space, List<String> faults) {
    for (Statistic statistic : pruning.method().needs()) {
      boolean cells =
          statistic instanceof Statistic.OfGradients || statistic instanceof Statistic.OfTraining;
      if (!cells && !SpaceMatrix.plain(coupling, space)) {
        faults.add(
            "%s needs %s of a single weight, but a unit owns rows of several in %s; exclude them, or"
                    .formatted(pruning.method().name(), statistic, space.name())
                + " write output-units: {coupled: false}");
      }
    }
  }

  private static void counts(Pruning pruning, Map<UnitSpace, Amount> taken, List<String> faults) {
    boolean global = pruning.pattern().scope() instanceof Scope.Global;
    long all = taken.keySet().stream().mapToLong(UnitSpace::size).sum();
    taken.forEach(
        (space, amount) -> {
          if (amount instanceof Amount.Count count && !global && count.units() > space.size()) {
            faults.add(
                "a count of %,d units was asked of %s, which has %,d"
                    .formatted(count.units(), space.name(), space.size()));
          }
        });
    if (global
        && !taken.isEmpty()
        && taken.values().iterator().next() instanceof Amount.Count count
        && count.units() > all) {
      faults.add(
          "a count of %,d units was asked of all spaces, which have %,d together"
              .formatted(count.units(), all));
    }
  }
}

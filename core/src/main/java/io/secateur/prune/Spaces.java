package io.secateur.prune;

import io.secateur.model.Architecture;
import io.secateur.model.Coupling;
import io.secateur.model.ParameterSpec;
import io.secateur.model.UnitSpace;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Scope;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

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
    Granularity granularity = pruning.pattern().granularity();
    for (ParameterSpec spec : architecture.parameters()) {
      if (asked.containsKey(spec.name()) && !spec.prunable()) {
        faults.add(
            "%s cannot be pruned by itself when units are coupled: it goes with its unit; do not"
                    .formatted(spec.name())
                + " include it, or write %s".formatted(uncoupled(granularity)));
      }
    }
    for (UnitSpace space : coupling.spaces()) {
      List<String> judged = SpaceMatrix.judged(granularity, space);
      List<String> wanted = judged.stream().filter(asked::containsKey).toList();
      boolean other = granularity instanceof Granularity.Heads && !space.heads();
      if (wanted.isEmpty() || other) {
        continue;
      }
      String reason = reason(space, wanted, architecture, granularity);
      if (!reason.isEmpty()) {
        spared.add("%s (%s)".formatted(String.join(" + ", wanted), reason));
        continue;
      }
      Amount amount = asked.get(wanted.get(0));
      for (String name : wanted) {
        if (amount == null || !amount.equals(asked.get(name))) {
          faults.add(
              "%s lose the same units, but different amounts are asked of them; ask for one"
                  .formatted(String.join(" + ", judged)));
          break;
        }
      }
      if (amount != null) {
        taken.put(space, amount);
        unsuited(pruning, coupling, space, faults);
        unaccompanied(pruning.method(), architecture, space, faults);
      }
    }
    counts(pruning, taken, faults);
    if (taken.isEmpty() && faults.isEmpty() && !asked.isEmpty()) {
      faults.add(
          spared.isEmpty()
              ? "no heads can be pruned: the weights asked for belong to no attention"
              : "no units can be pruned: " + String.join(", ", spared));
    }
    return new Spaces(coupling, taken, List.copyOf(spared), List.copyOf(faults));
  }

  /** Returns what a study file calls the granularity that prunes weights by themselves. */
  private static String uncoupled(Granularity granularity) {
    return granularity instanceof Granularity.InputUnits
        ? "input-units: {coupled: false}"
        : "output-units: {coupled: false}";
  }

  private static String reason(
      UnitSpace space, List<String> wanted, Architecture architecture, Granularity granularity) {
    if (space.fixed().isPresent()) {
      return space.fixed().get();
    }
    List<String> others = new ArrayList<>(SpaceMatrix.judged(granularity, space));
    others.removeAll(wanted);
    if (!others.isEmpty()) {
      return "tied to %s, which stays as it is".formatted(String.join(" + ", others));
    }
    return SpaceMatrix.even(architecture, architecture.coupling(), space, granularity)
        ? ""
        : "its units own different numbers of %s, which no method could compare"
            .formatted(granularity instanceof Granularity.InputUnits ? "inputs" : "rows");
  }

  private static void unsuited(
      Pruning pruning, Coupling coupling, UnitSpace space, List<String> faults) {
    Granularity granularity = pruning.pattern().granularity();
    for (Statistic statistic : pruning.method().needs()) {
      boolean together =
          statistic instanceof Statistic.OfGradients
              || statistic instanceof Statistic.OfTraining
              || SpaceMatrix.ofOutputs(statistic);
      if (!together && !SpaceMatrix.plain(coupling, space, granularity)) {
        faults.add(
            "%s needs %s of a single weight, but %s in %s; exclude them, or write %s"
                .formatted(
                    pruning.method().name(),
                    statistic,
                    granularity instanceof Granularity.InputUnits
                        ? "a unit owns columns"
                        : "a unit owns rows of several",
                    String.join(" + ", SpaceMatrix.judged(granularity, space)),
                    uncoupled(granularity)));
      }
    }
  }

  private static void unaccompanied(
      PruningMethod method, Architecture architecture, UnitSpace space, List<String> faults) {
    if (method instanceof ScoringMethod scoring) {
      Set<String> kinds = new Companions(architecture, architecture.coupling(), space).kinds();
      for (String companion : scoring.companions()) {
        if (!kinds.contains(companion)) {
          faults.add(
              "%s needs a %s of every unit, and those of %s have none; exclude them, or use another"
                      .formatted(method.name(), companion, space.name())
                  + " method");
        }
      }
    }
  }

  private static void counts(Pruning pruning, Map<UnitSpace, Amount> taken, List<String> faults) {
    pruning
        .limits()
        .fault(taken.keySet().stream().map(space -> (long) space.size()).toList())
        .ifPresent(faults::add);
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

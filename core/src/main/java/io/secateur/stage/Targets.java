package io.secateur.stage;

import io.secateur.model.Architecture;
import io.secateur.model.Nearest;
import io.secateur.model.ParameterSpec;
import io.secateur.sparsity.Amount;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The weights of an architecture that a prune stage takes, with their amounts, in the model's
 * order.
 *
 * @param amounts by weight
 * @param spared weights that would be pruned by default and are not
 * @param faults what is wrong with the patterns, one line each
 */
record Targets(Map<String, Amount> amounts, List<String> spared, List<String> faults) {

  /** Resolves the patterns of a stage. */
  static Targets of(Prune stage, Architecture architecture) {
    Map<String, Amount> amounts = new LinkedHashMap<>();
    List<String> spared = new ArrayList<>();
    List<String> faults = new ArrayList<>();
    List<String> names = architecture.parameters().stream().map(ParameterSpec::name).toList();
    List<String> weights = architecture.prunable().stream().map(ParameterSpec::name).toList();
    List<String> trained =
        architecture.parameters().stream()
            .filter(ParameterSpec::trainable)
            .map(ParameterSpec::name)
            .toList();
    unmatched("exclude", stage.exclude(), names, weights, faults);
    unmatched("include", stage.include(), trained, names, faults);
    idle(stage.include(), trained, weights, faults);
    unmatched("amounts", stage.amounts().keySet(), names, weights, faults);
    for (ParameterSpec spec : architecture.parameters()) {
      String name = spec.name();
      boolean named = spec.trainable() && any(stage.include(), name);
      boolean excluded = any(stage.exclude(), name);
      if ((spec.prunable() || named) && !excluded) {
        amount(stage, name, faults)
            .ifPresentOrElse(
                amount -> amounts.put(name, amount),
                () ->
                    faults.add(
                        "no amount is given for %s; write amount, a pattern of amounts that"
                                .formatted(name)
                            + " matches it, or exclude it"));
      } else if (spec.prunable()) {
        spared.add(name);
      }
    }
    if (amounts.isEmpty() && faults.isEmpty()) {
      faults.add("nothing is left to prune: exclude takes all of " + String.join(", ", weights));
    }
    return new Targets(amounts, spared, faults);
  }

  /**
   * The amount of the pattern that names a weight most exactly, which does not depend on the order
   * in which patterns are written; equally exact ones must agree.
   */
  private static Optional<Amount> amount(Prune stage, String name, List<String> faults) {
    List<Map.Entry<String, Amount>> matching =
        stage.amounts().entrySet().stream()
            .filter(entry -> new NamePattern(entry.getKey()).matches(name))
            .sorted(Comparator.comparing(Targets::exactness).reversed())
            .toList();
    if (matching.isEmpty()) {
      return stage.amount();
    }
    Map.Entry<String, Amount> first = matching.get(0);
    for (Map.Entry<String, Amount> other : matching) {
      if (exactness(other) == exactness(first) && !other.getValue().equals(first.getValue())) {
        faults.add(
            "amounts: %s and %s both match %s and ask for different amounts; name it more exactly"
                .formatted(first.getKey(), other.getKey(), name));
      }
    }
    return Optional.of(first.getValue());
  }

  private static int exactness(Map.Entry<String, Amount> entry) {
    return new NamePattern(entry.getKey()).exactness();
  }

  private static boolean any(Collection<String> patterns, String name) {
    return patterns.stream().anyMatch(pattern -> new NamePattern(pattern).matches(name));
  }

  /** A pattern that adds nothing was meant to say which weights alone are pruned. */
  private static void idle(
      List<String> include, List<String> trained, List<String> weights, List<String> faults) {
    for (String pattern : include) {
      List<String> matched = trained.stream().filter(new NamePattern(pattern)::matches).toList();
      if (!matched.isEmpty() && weights.containsAll(matched)) {
        faults.add(
            "include: %s is pruned anyway; include adds biases, scales and shifts. To prune it alone, exclude the others"
                .formatted(pattern));
      }
    }
  }

  private static void unmatched(
      String setting,
      Collection<String> patterns,
      List<String> names,
      List<String> shown,
      List<String> faults) {
    for (String pattern : patterns) {
      if (names.stream().noneMatch(new NamePattern(pattern)::matches)) {
        faults.add(
            "%s: %s matches no parameter%s (there are %s)"
                .formatted(
                    setting, pattern, Nearest.suggest(pattern, names), String.join(", ", shown)));
      }
    }
  }
}

package io.secateur.quantization;

import io.secateur.model.Architecture;
import io.secateur.model.Nearest;
import io.secateur.model.ParameterSpec;
import io.secateur.stage.NamePattern;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The weights of an architecture that a quantization takes, in the model's order.
 *
 * @param places by weight, where each stands
 * @param spared weights of linear and convolution layers that stay as they are
 * @param faults what is wrong with the patterns, one line each
 */
record Chosen(Map<String, Architecture.Place> places, List<String> spared, List<String> faults) {

  /** Resolves the patterns of a stage. */
  static Chosen of(Quantize stage, Architecture architecture) {
    List<String> faults = new ArrayList<>();
    Map<String, Architecture.Place> places = new LinkedHashMap<>();
    List<String> spared = new ArrayList<>();
    List<String> weights = new ArrayList<>();
    for (Architecture.Place place : architecture.places()) {
      for (ParameterSpec spec : place.parameters()) {
        boolean table = spec.kind() == ParameterSpec.Kind.EMBEDDING;
        if (spec.kind() != ParameterSpec.Kind.WEIGHT && !(table && stage.embeddings())) {
          continue;
        }
        weights.add(spec.name());
        if (any(stage.include(), spec.name()) && !any(stage.exclude(), spec.name())) {
          places.put(spec.name(), place);
        } else {
          spared.add(spec.name());
        }
      }
    }
    unmatched("include", stage.include(), weights, faults);
    unmatched("exclude", stage.exclude(), weights, faults);
    if (weights.isEmpty()) {
      faults.add(
          "quantize rounds the weights of linear and convolution layers, and the model has none");
    } else if (places.isEmpty() && faults.isEmpty()) {
      faults.add(
          "nothing is left to quantize: include and exclude leave none of "
              + String.join(", ", weights));
    }
    return new Chosen(places, spared, faults);
  }

  private static boolean any(List<String> patterns, String name) {
    return patterns.stream().anyMatch(pattern -> new NamePattern(pattern).matches(name));
  }

  private static void unmatched(
      String setting, List<String> patterns, List<String> weights, List<String> faults) {
    for (String pattern : patterns) {
      if (!weights.isEmpty() && weights.stream().noneMatch(new NamePattern(pattern)::matches)) {
        faults.add(
            "%s: %s matches no weight that quantize takes%s (there are %s)"
                .formatted(
                    setting,
                    pattern,
                    Nearest.suggest(pattern, weights),
                    String.join(", ", weights)));
      }
    }
  }
}

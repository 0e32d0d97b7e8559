package io.secateur.prune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Coupling;
import io.secateur.model.ParameterSpec;
import io.secateur.model.UnitSpace;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The biases, scales and shifts that units of a space have, by kind: those of which every unit has
 * one, or every unit has equally many.
 */
final class Companions {
  private final UnitSpace space;
  private final Map<String, Map<String, UnitCells>> byKind = new LinkedHashMap<>();

  Companions(Architecture architecture, Coupling coupling, UnitSpace space) {
    this.space = space;
    for (String name : space.vectors()) {
      ParameterSpec spec = architecture.parameter(name);
      if (spec.trainable()) {
        byKind
            .computeIfAbsent(kind(spec), kind -> new LinkedHashMap<>())
            .put(name, UnitCells.rows(coupling, space, spec));
      }
    }
    byKind.values().removeIf(entries -> ofEach(entries) == 0);
  }

  /** Returns what methods know a parameter's kind by: {@code gamma}. */
  static String kind(ParameterSpec spec) {
    return spec.kind().name().toLowerCase(Locale.ROOT);
  }

  /** Returns how many entries every unit has; 0 where that differs. */
  private int ofEach(Map<String, UnitCells> entries) {
    int first = count(entries, 0);
    for (int unit = 1; unit < space.size(); unit++) {
      if (count(entries, unit) != first) {
        return 0;
      }
    }
    return first;
  }

  private static int count(Map<String, UnitCells> entries, int unit) {
    return entries.values().stream().mapToInt(cells -> cells.of(unit).size()).sum();
  }

  /** Returns the kinds there are. */
  Set<String> kinds() {
    return byKind.keySet();
  }

  /** Returns a vector per kind, or where each unit has several, a matrix with a row per unit. */
  Map<String, NDArray> of(Checkpoint model, NDManager manager) {
    Map<String, NDArray> companions = new HashMap<>();
    byKind.forEach(
        (kind, entries) -> {
          int each = ofEach(entries);
          float[] all = new float[space.size() * each];
          int[] next = new int[space.size()];
          entries.forEach(
              (name, cells) -> {
                float[] values = model.parameter(name).toFloats();
                for (int unit = 0; unit < space.size(); unit++) {
                  for (int entry : cells.of(unit)) {
                    all[unit * each + next[unit]++] = values[entry];
                  }
                }
              });
          companions.put(
              kind,
              each == 1 ? manager.create(all) : manager.create(all, new Shape(space.size(), each)));
        });
    return companions;
  }
}

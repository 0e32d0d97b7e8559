package io.secateur.model;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Numbers the spaces and units that a walk has found: spaces as they begin, units within them. */
final class CouplingResult {
  private final Architecture architecture;
  private final int[] numbers;
  private final Map<Integer, List<Integer>> units = new TreeMap<>();
  private final Map<Integer, String> reasons = new HashMap<>();
  private final Set<Integer> heads = new HashSet<>();

  CouplingResult(
      Architecture architecture,
      Union all,
      Union spaces,
      List<Integer> spaceOf,
      Map<Integer, String> fixed,
      BitSet heads) {
    this.architecture = architecture;
    this.numbers = new int[all.size()];
    for (int raw = 0; raw < all.size(); raw++) {
      int space = spaces.root(spaceOf.get(raw));
      if (all.root(raw) == raw) {
        units.computeIfAbsent(space, unused -> new ArrayList<>()).add(raw);
      }
      String reason = fixed.get(raw);
      if (reason != null) {
        reasons.putIfAbsent(space, reason);
      }
      if (heads.get(raw)) {
        this.heads.add(space);
      }
    }
    int next = 0;
    for (List<Integer> members : units.values()) {
      for (int root : members) {
        numbers[root] = next++;
      }
    }
    for (int raw = 0; raw < all.size(); raw++) {
      numbers[raw] = numbers[all.root(raw)];
    }
  }

  Coupling coupling(Map<String, Owners> owners, Map<String, Owners> layers) {
    Map<String, Owners> parameters = numbered(owners);
    List<UnitSpace> spaces = new ArrayList<>();
    units.forEach(
        (root, members) -> {
          int first = spaces.isEmpty() ? 0 : end(spaces.get(spaces.size() - 1));
          spaces.add(
              space(
                  spaces.size(),
                  first,
                  members.size(),
                  reasons.get(root),
                  heads.contains(root),
                  parameters));
        });
    return new Coupling(architecture, spaces, parameters, numbered(layers));
  }

  private static int end(UnitSpace space) {
    return space.first() + space.size();
  }

  private UnitSpace space(
      int number,
      int first,
      int size,
      @Nullable String reason,
      boolean ofHeads,
      Map<String, Owners> owners) {
    UnitSpace bare =
        new UnitSpace(
            number, first, size, Optional.empty(), List.of(), List.of(), List.of(), ofHeads);
    List<String> producers = new ArrayList<>();
    List<String> consumers = new ArrayList<>();
    List<String> vectors = new ArrayList<>();
    for (ParameterSpec spec : architecture.parameters()) {
      Owners own = owners.get(spec.name());
      if (own == null) {
        continue;
      }
      boolean rows = IntStream.range(0, own.rows()).anyMatch(i -> bare.holds(own.row(i)));
      boolean inputs = IntStream.range(0, own.inputs()).anyMatch(i -> bare.holds(own.input(i)));
      if (own.table() ? inputs : rows) {
        (spec.prunable() ? producers : vectors).add(spec.name());
      }
      if (inputs && !own.table()) {
        consumers.add(spec.name());
      }
    }
    Optional<String> fixed =
        Optional.ofNullable(reason != null ? reason : size == 1 ? "its one unit must stay" : null);
    return new UnitSpace(number, first, size, fixed, producers, consumers, vectors, ofHeads);
  }

  private Map<String, Owners> numbered(Map<String, Owners> raw) {
    Map<String, Owners> numbered = new LinkedHashMap<>();
    raw.forEach(
        (name, own) -> {
          int[] rows = new int[own.rows()];
          int[] inputs = new int[own.inputs()];
          for (int i = 0; i < rows.length; i++) {
            rows[i] = numbers[own.row(i)];
          }
          for (int i = 0; i < inputs.length; i++) {
            inputs[i] = numbers[own.input(i)];
          }
          numbered.put(name, new Owners(rows, inputs, own.table()));
        });
    return numbered;
  }
}

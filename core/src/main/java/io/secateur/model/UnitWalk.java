package io.secateur.model;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Follows units from layer to layer and numbers their spaces. Ends that are added share their
 * units; ends laid one behind the other make a space of their own.
 */
final class UnitWalk {
  private final Map<String, Architecture.Units> found = new LinkedHashMap<>();
  private final Map<Layer, Architecture.Place> places = new HashMap<>();
  private final List<Integer> same = new ArrayList<>(List.of(0));

  private UnitWalk() {}

  /** A space, and how many consecutive columns each of its units has. */
  private record Where(int space, long repeat) {}

  static Map<String, Architecture.Units> over(Architecture architecture) {
    UnitWalk walk = new UnitWalk();
    architecture.places().forEach(place -> walk.places.put(place.layer(), place));
    walk.pass(architecture.layers(), new Where(0, 1));
    Map<Integer, Integer> numbers = new HashMap<>(Map.of(walk.root(0), 0));
    Map<String, Architecture.Units> units = new LinkedHashMap<>();
    walk.found.forEach(
        (name, raw) ->
            units.put(
                name,
                new Architecture.Units(
                    number(numbers, walk.root(raw.inputs())),
                    number(numbers, walk.root(raw.outputs())),
                    raw.repeat())));
    return units;
  }

  private static int number(Map<Integer, Integer> numbers, int root) {
    return numbers.computeIfAbsent(root, unused -> numbers.size());
  }

  private Where pass(List<Layer> layers, Where start) {
    Where where = start;
    for (Layer layer : layers) {
      where =
          layer instanceof Layer.Branching branching ? join(branching, where) : pass(layer, where);
    }
    return where;
  }

  private Where join(Layer.Branching layer, Where start) {
    List<Where> ends = new ArrayList<>();
    for (List<Layer> branch : layer.branches()) {
      ends.add(pass(branch, start));
    }
    Where first = ends.get(0);
    if (!(layer instanceof Residual)
        || ends.stream().anyMatch(end -> end.repeat() != first.repeat())) {
      return fresh();
    }
    ends.forEach(end -> same.set(root(end.space()), root(first.space())));
    return first;
  }

  private Where pass(Layer layer, Where before) {
    Architecture.Place place = place(layer);
    Where after =
        switch (layer.spread()) {
          case NEW -> fresh();
          case SAME -> before;
          case UNROLLED ->
              // Of (positions, features) a feature's columns are not consecutive: nobody's units.
              place.input().dimension() == 2
                  ? fresh()
                  : new Where(
                      before.space(),
                      Math.multiplyExact(
                          before.repeat(), place.input().size() / place.input().get(0)));
        };
    for (ParameterSpec spec : place.parameters()) {
      if (spec.kind() == ParameterSpec.Kind.WEIGHT) {
        found.put(
            spec.name(), new Architecture.Units(before.space(), after.space(), before.repeat()));
      }
    }
    return after;
  }

  private Architecture.Place place(Layer layer) {
    Architecture.Place place = places.get(layer);
    if (place == null) {
      throw new IllegalStateException("no place for layer " + layer.name());
    }
    return place;
  }

  private Where fresh() {
    same.add(same.size());
    return new Where(same.size() - 1, 1);
  }

  private int root(int space) {
    int root = space;
    while (same.get(root) != root) {
      root = same.get(root);
    }
    return root;
  }
}

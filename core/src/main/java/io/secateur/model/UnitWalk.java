package io.secateur.model;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Follows units from layer to layer and numbers their spaces. */
final class UnitWalk {
  private final Map<String, Architecture.Units> found = new LinkedHashMap<>();
  private int spaces;
  private int space;
  private long repeat = 1;

  private UnitWalk() {}

  static Map<String, Architecture.Units> over(List<Architecture.Place> places) {
    UnitWalk walk = new UnitWalk();
    places.forEach(walk::pass);
    return walk.found;
  }

  private void pass(Architecture.Place place) {
    int inputs = space;
    long columns = repeat;
    switch (place.layer().spread()) {
      case NEW -> enter(++spaces);
      case SAME -> {}
      case UNROLLED -> {
        if (place.input().dimension() == 2) {
          // (positions, features): a feature's columns are not consecutive, so nobody's units.
          enter(++spaces);
        } else {
          repeat = Math.multiplyExact(repeat, place.input().size() / place.input().get(0));
        }
      }
    }
    for (ParameterSpec spec : place.parameters()) {
      if (spec.kind() == ParameterSpec.Kind.WEIGHT) {
        found.put(spec.name(), new Architecture.Units(inputs, space, columns));
      }
    }
  }

  private void enter(int next) {
    space = next;
    repeat = 1;
  }
}

package io.secateur.model;

import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The one walk that follows units from layer to layer. Between layers stands, for every feature (a
 * channel, a number of a vector), the unit that it is of: a layer gives new ones, keeps them, or
 * repeats them; a sum makes units of several ends one; ends one behind the other lay theirs so.
 */
final class CouplingWalk {
  private final Map<Layer, Architecture.Place> places = new HashMap<>();
  private final Union units = new Union();
  private final Union spaces = new Union();
  private final List<Integer> spaceOf = new ArrayList<>();
  private final Map<Integer, String> fixed = new LinkedHashMap<>();
  private final Map<String, Owners> owners = new LinkedHashMap<>();
  private final Map<String, Owners> layers = new LinkedHashMap<>();
  private final BitSet heads = new BitSet();

  /** Units that some layer makes other than 0 though nothing is left of them. */
  private final BitSet raised = new BitSet();

  private CouplingWalk() {}

  static Coupling over(Architecture architecture) {
    CouplingWalk walk = new CouplingWalk();
    architecture.places().forEach(place -> walk.places.put(place.layer(), place));
    int[] input = walk.fresh(features(architecture.input()));
    walk.fix(input, "the network's input");
    walk.fix(walk.pass(architecture.layers(), input), "the network's output");
    return new CouplingResult(
            architecture, walk.units, walk.spaces, walk.spaceOf, walk.fixed, walk.heads)
        .coupling(walk.owners, walk.layers);
  }

  /** Returns the axis of a shape that units lie along is how long. */
  private static int features(Shape shape) {
    // Of (positions, features) every position has all features.
    return Math.toIntExact(shape.get(shape.dimension() == 2 ? 1 : 0));
  }

  private int[] pass(List<Layer> through, int[] start) {
    int[] features = start;
    for (Layer layer : through) {
      Architecture.Place place = place(layer);
      int[] before = features;
      if (layer instanceof Layer.Branching branching) {
        features = join(branching, place, before);
      } else if (layer instanceof Layer.Parametric parametric) {
        features = pass(parametric, place, before);
      } else {
        features = pass(layer.spread(), place, before);
        if (!((Layer.Functional) layer).keepsZero()) {
          Arrays.stream(features).forEach(raised::set);
        }
      }
      if (features.length != features(place.output())) {
        features = unknown(place, before);
      }
      layers.put(layer.name(), new Owners(features, before));
    }
    return features;
  }

  private int[] join(Layer.Branching layer, Architecture.Place place, int[] start) {
    List<int[]> ends = new ArrayList<>();
    layer.branches().forEach(branch -> ends.add(pass(branch, start)));
    // Along their first axis, positions stand one behind the other and features are shared.
    boolean positions = place.output().dimension() == 2;
    return switch (layer.joint()) {
      case SUM, PRODUCT -> sum(ends);
      case HEADS -> heads(layer, ends);
      case ROW -> positions ? sum(ends) : ends.stream().flatMapToInt(Arrays::stream).toArray();
      case OTHER -> {
        ends.forEach(end -> unknown(place, end));
        yield unknown(place, start);
      }
    };
  }

  private int[] sum(List<int[]> ends) {
    int[] first = ends.get(0);
    for (int[] end : ends) {
      for (int i = 0; i < first.length; i++) {
        join(first[i], end[i]);
      }
    }
    return first;
  }

  /** Keys and values of a head, and the queries that look at them, only go together. */
  private int[] heads(Layer.Branching layer, List<int[]> ends) {
    int[] queries = ends.get(0);
    int[] keys = ends.get(1);
    int[] values = ends.get(2);
    int own = layer.joinedTogether();
    int shared = queries.length / keys.length;
    for (int i = 0; i < keys.length; i++) {
      int head = values[i / own * own];
      join(head, values[i]);
      join(head, keys[i]);
      heads.set(head);
    }
    for (int i = 0; i < queries.length; i++) {
      join(values[i / (own * shared) * own], queries[i]);
    }
    return queries;
  }

  private int[] pass(Layer.Spread spread, Architecture.Place place, int[] before) {
    return switch (spread) {
      case SAME -> before;
      case NEW -> unknown(place, before);
      case MIXED -> {
        fix(before, "%s (%s) sets them against each other".formatted(name(place), place.kind()));
        yield before;
      }
      case PADDED -> padded((Layer.Functional) place.layer(), place, before);
      case UNROLLED -> {
        int[] after = new int[Math.toIntExact(place.output().size())];
        boolean positions = place.input().dimension() == 2;
        int repeat = after.length / before.length;
        for (int i = 0; i < after.length; i++) {
          after[i] = before[positions ? i % before.length : i / repeat];
        }
        yield after;
      }
    };
  }

  private int[] padded(Layer.Functional layer, Architecture.Place place, int[] before) {
    int[] sources = layer.sources(place.input());
    int[] zeros = fresh((int) Arrays.stream(sources).filter(source -> source < 0).count());
    int[] after = new int[sources.length];
    int next = 0;
    for (int i = 0; i < after.length; i++) {
      after[i] = sources[i] < 0 ? zeros[next++] : before[sources[i]];
    }
    return after;
  }

  private int[] pass(Layer.Parametric layer, Architecture.Place place, int[] before) {
    if (!layer.holder().equals(layer.name())) {
      return shared(layer, place, before);
    }
    int[] after =
        switch (layer.spread()) {
          case SAME, UNROLLED -> pass(layer.spread(), place, before);
          case MIXED -> mixed(place, before);
          case PADDED -> unknown(place, before);
          case NEW -> rows(layer, place, before);
        };
    if (layer.narrowed(place.input(), before.length, after.length).isEmpty()) {
      return unknown(place, before);
    }
    for (ParameterSpec spec : place.parameters()) {
      if (spec.kind() == ParameterSpec.Kind.WEIGHT) {
        owners.put(spec.name(), new Owners(after, inputs(layer, before)));
      } else if (spec.kind() == ParameterSpec.Kind.EMBEDDING) {
        owners.put(spec.name(), table(spec, after));
        continue;
      } else {
        owners.put(spec.name(), new Owners(after, new int[0]));
      }
      if (spec.form().rows() != after.length) {
        return unknown(place, before);
      }
    }
    return after;
  }

  /** A narrower layer counts units that it lacks as 0: so they must be when they are pruned. */
  private int[] mixed(Architecture.Place place, int[] before) {
    BitSet roots = new BitSet();
    raised.stream().forEach(unit -> roots.set(units.root(unit)));
    for (int feature : before) {
      if (roots.get(units.root(feature))) {
        fix(
            before,
            "%s (%s) takes a mean over what is not 0 when they are pruned"
                .formatted(name(place), place.kind()));
        break;
      }
    }
    return before;
  }

  /** Rows of a table are nobody's: they are there as long as the input is. */
  private static Owners table(ParameterSpec spec, int[] columns) {
    return new Owners(new int[Math.toIntExact(spec.form().rows())], columns, true);
  }

  /** Takes the units that the columns of another layer's table make. */
  private int[] shared(Layer.Parametric layer, Architecture.Place place, int[] before) {
    Owners table = owners.get(layer.holder() + ".weight");
    if (table == null || table.inputs() != before.length) {
      return unknown(place, before);
    }
    for (int i = 0; i < before.length; i++) {
      join(before[i], table.input(i));
    }
    int[] after = fresh(features(place.output()));
    fix(after, "%s shares its rows with %s".formatted(name(place), layer.holder()));
    return after;
  }

  private static boolean depthwise(Layer.Parametric layer, int[] before) {
    return layer.groups() > 1 && layer.groups() == before.length;
  }

  private static int[] inputs(Layer.Parametric layer, int[] before) {
    return depthwise(layer, before)
        ? new int[0]
        : Arrays.copyOf(before, before.length / layer.groups());
  }

  private int[] rows(Layer.Parametric layer, Architecture.Place place, int[] before) {
    int outputs = features(place.output());
    int part = outputs / layer.groups();
    int[] after = new int[outputs];
    if (depthwise(layer, before)) {
      for (int row = 0; row < outputs; row++) {
        after[row] = before[row / part];
      }
      return after;
    }
    // Groups stay equally large when the units at one place in all of them go together.
    int[] made = fresh(part);
    for (int row = 0; row < outputs; row++) {
      after[row] = made[row % part];
    }
    int inputs = before.length / layer.groups();
    for (int i = inputs; i < before.length; i++) {
      join(before[i % inputs], before[i]);
    }
    return after;
  }

  /** What goes in and what comes out all stays. */
  private int[] unknown(Architecture.Place place, int[] before) {
    String reason =
        "%s (%s) does not say what a unit owns of it".formatted(name(place), place.kind());
    fix(before, reason);
    int[] after = fresh(features(place.output()));
    fix(after, reason);
    place.parameters().forEach(spec -> owners.remove(spec.name()));
    return after;
  }

  private static String name(Architecture.Place place) {
    return place.layer().name();
  }

  private void fix(int[] features, String reason) {
    for (int feature : features) {
      fixed.putIfAbsent(feature, reason);
    }
  }

  private void join(int a, int b) {
    units.join(a, b);
    spaces.join(spaceOf.get(a), spaceOf.get(b));
  }

  private int[] fresh(int count) {
    int space = spaces.add();
    int[] features = new int[count];
    for (int i = 0; i < count; i++) {
      features[i] = units.add();
      spaceOf.add(space);
    }
    return features;
  }

  private Architecture.Place place(Layer layer) {
    Architecture.Place place = places.get(layer);
    if (place == null) {
      throw new IllegalStateException("no place for layer " + layer.name());
    }
    return place;
  }
}

package io.secateur.prune;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Embedding;
import io.secateur.model.Layer;
import io.secateur.model.ParameterSpec;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Mask;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which features are exactly 0 whatever the input, and why the others need not be: at the input of
 * every weight. Weights count as 0 where they are masked, since others may be trained again;
 * numbers added to a unit count by their value.
 */
final class ExactZeros {
  private final Checkpoint model;
  private final Map<Layer, Architecture.Place> places = new HashMap<>();
  private final Map<String, @Nullable String[]> met = new HashMap<>();

  private ExactZeros(Checkpoint model) {
    this.model = model;
    model.architecture().places().forEach(place -> places.put(place.layer(), place));
  }

  static ExactZeros of(Checkpoint model) {
    ExactZeros zeros = new ExactZeros(model);
    long[] input = model.architecture().input().getShape();
    @Nullable String[] seen = new String[Math.toIntExact(input[input.length == 2 ? 1 : 0])];
    Arrays.fill(seen, "it is the network's input");
    zeros.pass(model.architecture().layers(), seen);
    return zeros;
  }

  /** Returns why a feature that a layer takes need not be 0; nothing when it always is. */
  Optional<String> alive(String layer, int feature) {
    @Nullable String[] seen = met.get(layer);
    if (seen == null) {
      throw new IllegalStateException("nothing is known of " + layer);
    }
    return Optional.ofNullable(seen[feature]);
  }

  /** Passes features on, each with the reason why it may not be 0; null where it is 0. */
  private @Nullable String[] pass(List<Layer> layers, @Nullable String[] start) {
    @Nullable String[] seen = start;
    for (Layer layer : layers) {
      Architecture.Place place = places.get(layer);
      if (place == null) {
        throw new IllegalStateException("no place for layer " + layer.name());
      }
      met.put(layer.name(), seen);
      long[] shape = place.output().getShape();
      int features = Math.toIntExact(shape[shape.length == 2 ? 1 : 0]);
      if (layer instanceof Layer.Branching branching) {
        seen = join(branching, seen, features, shape.length == 2);
      } else if (layer instanceof Layer.Parametric parametric) {
        seen = pass(parametric, place, seen, features);
      } else {
        seen = pass((Layer.Functional) layer, place, seen, features);
      }
    }
    return seen;
  }

  private @Nullable String[] join(
      Layer.Branching layer, @Nullable String[] start, int features, boolean positions) {
    List<@Nullable String[]> ends = new ArrayList<>();
    layer.branches().forEach(branch -> ends.add(pass(branch, start)));
    if (layer.joint() == Layer.Joint.ROW && !positions) {
      return ends.stream().flatMap(Arrays::stream).toArray(String[]::new);
    }
    @Nullable String[] joined = new String[features];
    if (layer.joint() == Layer.Joint.OTHER) {
      return filled(joined, layer);
    }
    if (layer.joint() == Layer.Joint.HEADS) {
      return values(ends.get(2), layer.joinedTogether(), joined);
    }
    boolean product = layer.joint() == Layer.Joint.PRODUCT;
    for (int i = 0; i < features; i++) {
      joined[i] = ends.get(0)[i];
      for (@Nullable String[] end : ends) {
        // A sum is 0 where all ends are, a product where any is.
        joined[i] = (joined[i] == null) == product ? joined[i] : end[i];
      }
    }
    return joined;
  }

  /** Means of values are 0 where the values are; several heads of queries share one of those. */
  private static @Nullable String[] values(
      @Nullable String[] seen, int own, @Nullable String[] joined) {
    int shared = joined.length / seen.length;
    for (int i = 0; i < joined.length; i++) {
      joined[i] = seen[i / (own * shared) * own + i % own];
    }
    return joined;
  }

  private static @Nullable String[] filled(@Nullable String[] features, Layer layer) {
    Arrays.fill(features, layer.name() + " does not keep zeros");
    return features;
  }

  private @Nullable String[] pass(
      Layer.Functional layer, Architecture.Place place, @Nullable String[] seen, int features) {
    @Nullable String[] after = new String[features];
    if (!layer.keepsZero()) {
      return filled(after, layer);
    }
    if (layer.spread() == Layer.Spread.PADDED) {
      int[] sources = layer.sources(place.input());
      for (int i = 0; i < features; i++) {
        after[i] = sources[i] < 0 ? null : seen[sources[i]];
      }
      return after;
    }
    boolean positions = place.input().dimension() == 2;
    int repeat = Math.max(1, features / seen.length);
    for (int i = 0; i < features; i++) {
      after[i] = seen[positions ? i % seen.length : i / repeat];
    }
    return after;
  }

  private @Nullable String[] pass(
      Layer.Parametric layer, Architecture.Place place, @Nullable String[] seen, int features) {
    @Nullable String[] after = new String[features];
    Optional<ParameterSpec> weight =
        place.parameters().stream()
            .filter(spec -> spec.kind() == ParameterSpec.Kind.WEIGHT)
            .findFirst();
    if (weight.isPresent() && layer.spread() == Layer.Spread.NEW) {
      rows(weight.get(), layer.groups(), seen, after);
    } else if (layer.spread() == Layer.Spread.SAME && features == seen.length) {
      scaled(place, seen, after);
    } else if (layer.spread() == Layer.Spread.MIXED && features == seen.length) {
      mixed(place, after);
    } else if (layer instanceof Embedding) {
      Arrays.fill(after, null);
    } else {
      return filled(after, layer);
    }
    for (ParameterSpec spec : place.parameters()) {
      if (spec.kind() == ParameterSpec.Kind.EMBEDDING) {
        added(spec, after);
      }
      boolean added =
          spec.kind() == ParameterSpec.Kind.BIAS || spec.kind() == ParameterSpec.Kind.BETA;
      if (added && spec.shape().size() == features) {
        float[] values = model.parameter(spec.name()).toFloats();
        for (int i = 0; i < features; i++) {
          after[i] =
              after[i] == null && values[i] != 0 ? spec.name() + " is not 0 there" : after[i];
        }
      }
    }
    return after;
  }

  /** A table adds 0 to a unit when its column is masked. */
  private void added(ParameterSpec table, @Nullable String[] after) {
    Mask mask = model.mask(table.name());
    for (int i = 0; i < after.length; i++) {
      if (after[i] == null && Cells.anyOfInput(mask, i)) {
        after[i] = table.name() + " keeps weights there";
      }
    }
  }

  /** What depends on all units is 0 where its scale is masked. */
  private void mixed(Architecture.Place place, @Nullable String[] after) {
    filled(after, place.layer());
    for (ParameterSpec spec : place.parameters()) {
      if (spec.kind() == ParameterSpec.Kind.GAMMA) {
        Mask mask = model.mask(spec.name());
        for (int i = 0; i < after.length; i++) {
          after[i] = mask.keeps(i) ? after[i] : null;
        }
      }
    }
  }

  /** A row gives 0 when each of its cells is masked, or meets 0. */
  private void rows(
      ParameterSpec spec, int groups, @Nullable String[] seen, @Nullable String[] after) {
    Mask mask = model.mask(spec.name());
    Form form = spec.form();
    String kept = spec.name() + " keeps weights there";
    long rowsOfGroup = form.rows() / groups;
    for (int row = 0; row < after.length; row++) {
      int first = Math.toIntExact(row / rowsOfGroup * form.inputs());
      for (int input = 0; input < form.inputs() && after[row] == null; input++) {
        if (seen[first + input] != null && Cells.any(mask, row, input)) {
          after[row] = kept;
        }
      }
    }
  }

  /** A scale of 0 hides a unit; so does one of anything when what it scales is 0 on average too. */
  private void scaled(Architecture.Place place, @Nullable String[] seen, @Nullable String[] after) {
    for (int i = 0; i < after.length; i++) {
      after[i] = seen[i];
    }
    for (ParameterSpec spec : place.parameters()) {
      if (spec.kind() == ParameterSpec.Kind.GAMMA) {
        float[] scale = model.parameter(spec.name()).toFloats();
        Mask mask = model.mask(spec.name());
        float[] mean = mean(place, after.length);
        for (int i = 0; i < after.length; i++) {
          if (!mask.keeps(i)) {
            after[i] = null;
          } else if (after[i] == null && scale[i] != 0 && mean[i] != 0) {
            after[i] = place.layer().name() + " takes a mean other than 0 from it";
          }
        }
      }
    }
  }

  private float[] mean(Architecture.Place place, int features) {
    return place.parameters().stream()
        .filter(spec -> spec.name().endsWith(".running_mean"))
        .findFirst()
        .map(spec -> model.parameter(spec.name()).toFloats())
        .orElseGet(() -> new float[features]);
  }
}

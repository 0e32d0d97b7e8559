package io.secateur.prune;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Coupling;
import io.secateur.model.Layer;
import io.secateur.model.Owners;
import io.secateur.model.ParameterSpec;
import io.secateur.model.UnitSpace;
import io.secateur.sparsity.Mask;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the units that nobody misses: wherever a weight takes one, the unit is exactly 0 or all
 * cells that meet it are masked, but for those in rows of units that go themselves.
 */
final class Idle {
  private final Checkpoint model;
  private final Coupling coupling;
  private final ExactZeros zeros;
  private final List<Taker> takers = new ArrayList<>();
  private final List<Architecture.Place> mixers = new ArrayList<>();
  private final BitSet gone = new BitSet();
  private final Map<Integer, String> last = new LinkedHashMap<>();

  /** A weight that takes units, and the parts into which its inputs divide. */
  private record Taker(String layer, String weight, Owners owners, Mask mask, int groups) {}

  private record Line(String what, String reason) {}

  Idle(Checkpoint model, Coupling coupling) {
    this.model = model;
    this.coupling = coupling;
    this.zeros = ExactZeros.of(model);
    for (Architecture.Place place : model.architecture().places()) {
      if (place.layer() instanceof Layer.Parametric layer) {
        for (ParameterSpec spec : place.parameters()) {
          Optional<Owners> owners = coupling.owners(spec.name());
          if (owners.isPresent() && owners.get().inputs() > 0 && !owners.get().table()) {
            takers.add(taker(layer, spec.name(), owners.get()));
          }
        }
        String shared = layer.holder() + ".weight";
        if (!layer.holder().equals(layer.name()) && coupling.owners(shared).isPresent()) {
          takers.add(taker(layer, shared, coupling.owners(shared).get()));
        }
        if (layer.spread() == Layer.Spread.MIXED) {
          mixers.add(place);
        }
      }
    }
    find();
  }

  private Taker taker(Layer.Parametric layer, String weight, Owners owners) {
    return new Taker(layer.name(), weight, owners, model.mask(weight), layer.groups());
  }

  /** Returns the units that nobody misses, but for one of each weight's rows at least. */
  BitSet gone() {
    return gone;
  }

  private void find() {
    BitSet free = new BitSet();
    coupling.spaces().stream()
        .filter(space -> space.fixed().isEmpty())
        .forEach(space -> free.set(space.first(), space.first() + space.size()));
    int before;
    do {
      before = gone.cardinality();
      BitSet idle = (BitSet) free.clone();
      takers.forEach(taker -> needed(taker).stream().forEach(idle::clear));
      mixers.forEach(mixer -> seen(mixer).stream().forEach(idle::clear));
      coupling.makers().forEach((weight, units) -> keepOne(weight, units, idle));
      gone.or(idle);
    } while (gone.cardinality() > before);
  }

  /** A layer needs a unit: the first that has not gone stays when all could. */
  private void keepOne(String weight, BitSet units, BitSet idle) {
    BitSet rest = (BitSet) units.clone();
    rest.andNot(idle);
    if (rest.isEmpty()) {
      units.stream()
          .filter(unit -> !gone.get(unit))
          .findFirst()
          .ifPresent(
              unit -> {
                idle.clear(unit);
                last.put(unit, weight);
              });
    }
  }

  /** Returns the units that are not 0 where a layer takes a mean over all of them. */
  private BitSet seen(Architecture.Place mixer) {
    BitSet seen = new BitSet();
    Owners scales = coupling.owners(mixer.parameters().get(0).name()).orElseThrow();
    for (int i = 0; i < scales.rows(); i++) {
      if (zeros.alive(mixer.layer().name(), i).isPresent()) {
        seen.set(scales.row(i));
      }
    }
    return seen;
  }

  /** Returns the units that a weight would miss. */
  private BitSet needed(Taker taker) {
    BitSet needed = new BitSet();
    for (int input = 0; input < taker.owners().inputs(); input++) {
      int unit = taker.owners().input(input);
      if (!needed.get(unit) && missed(taker, input).isPresent()) {
        needed.set(unit);
      }
    }
    return needed;
  }

  /** Returns why a weight would miss what stands at one of its inputs; nothing if it would not. */
  private Optional<String> missed(Taker taker, int input) {
    int rows = taker.owners().rows() / taker.groups();
    for (int group = 0; group < taker.groups(); group++) {
      Optional<String> alive = zeros.alive(taker.layer(), group * taker.owners().inputs() + input);
      for (int row = group * rows; alive.isPresent() && row < (group + 1) * rows; row++) {
        if (!gone.get(taker.owners().row(row)) && Cells.any(taker.mask(), row, input)) {
          return alive;
        }
      }
    }
    return Optional.empty();
  }

  /** Returns a line for what is masked as a whole and stays, per weight and reason. */
  List<String> left() {
    Map<Line, List<Integer>> lines = new LinkedHashMap<>();
    for (ParameterSpec spec : model.architecture().parameters()) {
      Mask mask = model.masks().get(spec.name());
      Optional<Owners> found = coupling.owners(spec.name());
      if (mask == null || found.isEmpty() || !spec.prunable()) {
        continue;
      }
      Owners owners = found.get();
      Set<Integer> told = new LinkedHashSet<>();
      for (int row = 0; row < owners.rows() && !owners.table(); row++) {
        int unit = owners.row(row);
        if (!gone.get(unit) && !Cells.anyOfRow(mask, row) && told.add(unit)) {
          add(lines, "rows of " + spec.name(), unit, row);
        }
      }
      for (int input = 0; input < owners.inputs(); input++) {
        int unit = owners.input(input);
        if (!gone.get(unit) && !Cells.anyOfInput(mask, input) && told.add(unit)) {
          add(lines, (owners.table() ? "columns of " : "inputs of ") + spec.name(), unit, input);
        }
      }
    }
    List<String> left = new ArrayList<>();
    lines.forEach(
        (line, which) ->
            left.add(
                "%d pruned %s stay (%s): %s"
                    .formatted(which.size(), line.what(), shown(which), line.reason())));
    return left;
  }

  private void add(Map<Line, List<Integer>> lines, String what, int unit, int index) {
    lines.computeIfAbsent(new Line(what, reason(unit)), unused -> new ArrayList<>()).add(index);
  }

  private String reason(int unit) {
    UnitSpace space = coupling.space(unit);
    if (space.fixed().isPresent()) {
      return space.fixed().get();
    }
    for (Taker taker : takers) {
      for (int input = 0; input < taker.owners().inputs(); input++) {
        if (taker.owners().input(input) == unit) {
          Optional<String> alive = missed(taker, input);
          if (alive.isPresent()) {
            return taker.weight() + " takes it, and " + alive.get();
          }
        }
      }
    }
    for (Architecture.Place mixer : mixers) {
      if (seen(mixer).get(unit)) {
        return "%s takes a mean over it, and it is not 0 there".formatted(mixer.layer().name());
      }
    }
    String weight = last.get(unit);
    return weight != null
        ? "nothing else is left of %s, and a layer needs one unit".formatted(weight)
        : "nothing takes it";
  }

  private static String shown(List<Integer> which) {
    List<String> first = which.stream().limit(5).map(String::valueOf).toList();
    return String.join(", ", first) + (which.size() > 5 ? ", …" : "");
  }
}

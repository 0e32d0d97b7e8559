package io.secateur.prune;

import io.secateur.model.Checkpoint;
import io.secateur.model.Coupling;
import io.secateur.model.UnitSpace;
import io.secateur.sparsity.Mask;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** The coupled units that a model lacks, where its masks are exactly those of such units. */
public final class WholeUnits {
  private final Checkpoint model;
  private final Coupling coupling;
  private final BitSet gone;

  private WholeUnits(Checkpoint model, Coupling coupling, BitSet gone) {
    this.model = model;
    this.coupling = coupling;
    this.gone = gone;
  }

  /** Returns the units that a model lacks; nothing when any other cell is masked, or none is. */
  public static Optional<WholeUnits> of(Checkpoint model) {
    Coupling coupling = model.architecture().coupling();
    BitSet gone = new BitSet();
    for (UnitSpace space : coupling.spaces()) {
      if (space.fixed().isEmpty()) {
        gone.set(space.first(), space.first() + space.size());
        for (String name : space.producers()) {
          UnitCells cells = UnitCells.making(coupling, space, model.architecture().parameter(name));
          for (int unit = 0; unit < space.size(); unit++) {
            if (cells.any(unit, model.mask(name))) {
              gone.clear(space.first() + unit);
            }
          }
        }
      }
    }
    Map<String, Mask> masked = new LinkedHashMap<>(model.masks());
    masked.values().removeIf(mask -> mask.pruned() == 0);
    return gone.isEmpty() || !coupling.masks(gone).equals(masked)
        ? Optional.empty()
        : Optional.of(new WholeUnits(model, coupling, gone));
  }

  /**
   * Returns the model without other units, as many of every space.
   *
   * @param ranks of each unit of a space: the lowest go
   */
  public Checkpoint redrawn(Function<UnitSpace, float[]> ranks) {
    BitSet drawn = new BitSet();
    for (UnitSpace space : coupling.spaces()) {
      int count = gone.get(space.first(), space.first() + space.size()).cardinality();
      if (count > 0) {
        float[] rank = ranks.apply(space);
        List<Integer> units = new ArrayList<>();
        for (int unit = 0; unit < space.size(); unit++) {
          units.add(unit);
        }
        units.sort(Comparator.comparingDouble(unit -> rank[unit]));
        units.subList(0, count).forEach(unit -> drawn.set(space.first() + unit));
      }
    }
    Map<String, Mask> masks = coupling.masks(drawn);
    return model.withParameters(Zeros.written(model.parameters(), masks)).withMasks(masks);
  }
}

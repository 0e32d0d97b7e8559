package io.secateur.prune;

import io.secateur.model.Checkpoint;
import io.secateur.model.UnitSpace;
import java.util.List;
import java.util.Map;

/**
 * A model without the units that contribute nothing.
 *
 * @param removed units gone, by their space in the larger architecture; those that lost none are
 *     left out
 * @param left a line for what was pruned and had to stay, with the reason
 */
public record Compacted(Checkpoint checkpoint, Map<UnitSpace, Integer> removed, List<String> left) {
  public Compacted {
    removed = Map.copyOf(removed);
    left = List.copyOf(left);
  }
}

package io.secateur.prune;

import io.secateur.model.Checkpoint;
import io.secateur.model.UnitSpace;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model without the units that contribute nothing.
 *
 * @param removed units gone, by their space; those that lost none are left out. Spaces are those of
 *     the larger architecture, then those that came apart when others were gone
 * @param left a line for what was pruned and had to stay, with the reason
 */
public record Compacted(Checkpoint checkpoint, Map<UnitSpace, Integer> removed, List<String> left) {
  public Compacted {
    removed = Collections.unmodifiableMap(new LinkedHashMap<>(removed));
    left = List.copyOf(left);
  }
}

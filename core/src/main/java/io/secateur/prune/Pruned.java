package io.secateur.prune;

import io.secateur.model.Checkpoint;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What pruning gave.
 *
 * @param counts of the weights that took part, in the model's order
 * @param requested the fraction asked of all that took part together, where one was
 * @param warnings one line per budget that had already lost more than asked
 * @param units of the spaces of coupled units that took part, in the model's order; their cells are
 *     among the counts of weights
 * @param notes one line per budget that lost less than asked so that what stays is a multiple
 */
public record Pruned(
    Checkpoint checkpoint,
    List<Count> counts,
    OptionalDouble requested,
    List<String> warnings,
    List<Count> units,
    List<String> notes) {
  public Pruned {
    counts = List.copyOf(counts);
    units = List.copyOf(units);
    warnings = List.copyOf(warnings);
    notes = List.copyOf(notes);
  }

  /**
   * The counts of one weight, or of the units of one space.
   *
   * @param requested the fraction asked of this weight; empty under global scope and for {@code
   *     below}
   * @param pruned cells without their weight, earlier prunings included
   * @param weights cells in all
   */
  public record Count(String name, OptionalDouble requested, long pruned, long weights) {}

  /** Returns the cells without their weight, of all that took part. */
  public long pruned() {
    return counts.stream().mapToLong(Count::pruned).sum();
  }

  /** Returns the cells of all that took part. */
  public long weights() {
    return counts.stream().mapToLong(Count::weights).sum();
  }
}

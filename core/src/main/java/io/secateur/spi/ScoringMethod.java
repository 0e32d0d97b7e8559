package io.secateur.spi;

import ai.djl.ndarray.NDArray;
import java.util.Set;

/** A method that is only a saliency criterion: the lowest scores are pruned. */
public non-sealed interface ScoringMethod extends PruningMethod {
  /**
   * Scores the cells of a weight; the highest are kept. Pattern, amount, masks and ties belong to
   * the framework.
   *
   * @return float32 scores in the shape of {@link Weight#matrix}. Of a block or a slice those of
   *     its remaining cells are added up; for slice granularities, where the matrix has a row per
   *     unit, one column with a score per unit is taken too. NaN is refused, infinities are allowed
   */
  NDArray scores(Weight weight, Statistics statistics);

  /**
   * Returns whether a row's scores depend on that row only, so that the framework may call with
   * blocks of rows: in any order, again when it needs a block's scores again, and from several
   * threads at once.
   */
  default boolean rowwise() {
    return false;
  }

  /**
   * Returns whether it only gives one score per unit, so that granularities without whole units
   * (single weights, blocks) are refused when planning.
   */
  default boolean unitwise() {
    return false;
  }

  /**
   * Returns the {@link Weight#companions} that it cannot do without; weights whose units lack one
   * are refused by name when planning.
   */
  default Set<String> companions() {
    return Set.of();
  }
}

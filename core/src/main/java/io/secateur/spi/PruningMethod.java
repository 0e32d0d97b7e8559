package io.secateur.spi;

import java.util.Set;

/** Decides which weights are kept: by scoring them, or by also rewriting those that stay. */
public sealed interface PruningMethod extends Plugin permits ScoringMethod, ReconstructingMethod {
  /** Returns what calibration must gather first; nothing, for a data-free method. */
  default Set<Statistic> needs() {
    return Set.of();
  }
}

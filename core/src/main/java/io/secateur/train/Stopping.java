package io.secateur.train;

import io.secateur.model.TrainingState;
import java.util.List;
import java.util.Optional;

/**
 * Decides from the epochs so far whether a training ends early.
 *
 * @param watched what must improve
 * @param settled which epochs count
 */
record Stopping(EarlyStop settings, Watched watched, Settled settled) {

  /** Returns the best epoch, once patience with what followed it has run out. */
  Optional<TrainingState.Epoch> verdict(List<TrainingState.Epoch> over) {
    Optional<TrainingState.Epoch> best = Optional.empty();
    int waited = 0;
    for (TrainingState.Epoch epoch : over) {
      if (!settled.counts(epoch)) {
        continue;
      }
      if (best.isEmpty() || improves(watched.lead(epoch, best.get()))) {
        best = Optional.of(epoch);
        waited = 0;
      } else {
        waited++;
      }
      if (waited >= settings.patience()) {
        return best;
      }
    }
    return Optional.empty();
  }

  private boolean improves(double lead) {
    return lead > 0 && lead >= settings.least();
  }
}

package io.secateur.train;

import io.secateur.model.TrainingState;

/**
 * From when on an epoch may end a training or be its best: once the last interruption is over.
 *
 * @param step the step of the last interruption; 0 for none
 */
record Settled(long step, long perEpoch) {
  /** Returns whether an epoch ended after it; a short last epoch did if the whole one would. */
  boolean counts(TrainingState.Epoch epoch) {
    return epoch.epoch() * perEpoch > step;
  }
}

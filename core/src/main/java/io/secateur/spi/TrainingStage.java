package io.secateur.spi;

/**
 * A stage that trains, and that planning may cut: training to step k and then on equals training
 * straight through, bit for bit. So a later rewind finds the checkpoint at step k in the store, and
 * a step's key need not say where it was cut.
 *
 * <p>Its input's {@link io.secateur.model.TrainingState} says where to go on: at its step when one
 * is present and short of the end, else from the beginning.
 */
public interface TrainingStage extends Stage {
  /**
   * Returns the optimiser steps of one epoch over {@code examples}; the last batch may be short.
   */
  long stepsPerEpoch(int examples);

  /** Returns the optimiser steps of the whole training over {@code examples}. */
  long steps(int examples);

  /** Returns this training ended after {@code step} steps, its optimiser state kept. */
  TrainingStage until(long step);
}

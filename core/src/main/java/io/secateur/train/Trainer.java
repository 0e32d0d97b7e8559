package io.secateur.train;

import ai.djl.ndarray.NDManager;
import io.secateur.model.Checkpoint;
import io.secateur.model.TrainingState;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Trains checkpoints by mini-batches in a random order that is new in every epoch; what is pruned
 * stays 0. Equal seeds, settings and thread counts give equal bits, wherever a training is cut.
 *
 * @param epochs how often every example is seen
 * @param batch examples per optimiser step; the last batch of an epoch may be shorter
 */
public record Trainer(int epochs, Optimizer optimizer, int batch) {
  public Trainer {
    if (epochs < 1) {
      throw new IllegalArgumentException("epochs must be at least 1, was " + epochs);
    }
    if (batch < 1) {
      throw new IllegalArgumentException("batch must be at least 1, was " + batch);
    }
  }

  /** Returns the optimiser steps of one epoch. */
  public long stepsPerEpoch(int examples) {
    return (examples + (long) batch - 1) / batch;
  }

  /** Returns the optimiser steps of the whole training. */
  public long steps(int examples) {
    return epochs * stepsPerEpoch(examples);
  }

  /**
   * Trains a checkpoint: from where its training state says, if there is one, it is not over and of
   * as many steps as this training, else from the beginning.
   *
   * @param stop optimiser steps, from the beginning, after which to stop with the optimiser's
   *     tensors kept; empty for the end of the training, where they are dropped
   * @param seed of the order of examples and of anything random in the network
   * @return the same model and masks with new parameters, and where its training stands
   * @throws DivergedException when the loss is no longer finite
   */
  public Checkpoint train(Checkpoint input, OptionalLong stop, long seed, Stage.Context context)
      throws IOException {
    Examples examples = context.data(Split.TRAIN);
    if (examples.size() == 0) {
      throw new IllegalArgumentException("the data set has no training examples");
    }
    long total = steps(examples.size());
    TrainingState start =
        input
            .training()
            .filter(state -> !state.over() && state.total() == total)
            .orElse(new TrainingState(0, total, Map.of(), List.of()));
    long end = stop.orElse(total);
    if (end < start.step() || end > total) {
      throw new IllegalArgumentException(
          "a training of %d steps that has done %d cannot stop after %d"
              .formatted(total, start.step(), end));
    }
    try (NDManager manager = NDManager.newBaseManager(context.device(), "PyTorch");
        TrainingRun run = new TrainingRun(this, input, start, seed, context, manager)) {
      return run.until(end);
    }
  }
}

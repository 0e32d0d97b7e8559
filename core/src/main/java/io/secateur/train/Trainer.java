package io.secateur.train;

import io.secateur.model.Checkpoint;
import io.secateur.spi.Stage;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Trains checkpoints by mini-batches in a random order that is new in every epoch; what is pruned
 * stays 0. Equal seeds, settings and thread counts give equal bits, wherever a training is cut.
 *
 * <p>A quantized checkpoint stays one: the network computes with its integers at every step, while
 * the optimiser moves the float32 numbers behind them by the gradients of what they are rounded to
 * (quantization-aware training; Jacob et al., 2018).
 *
 * @param epochs how often every example is seen, unless steps are given
 * @param steps how many optimiser steps are taken instead; the last epoch may be short
 * @param batch examples per optimiser step; the last batch of an epoch may be shorter
 * @param loss what is made small
 * @param watch what is measured after every epoch
 * @param stop when it ends early; never when absent
 * @param best which epoch's parameters it returns; the last one's when absent
 */
public record Trainer(
    int epochs,
    Optional<Long> steps,
    Optimizer optimizer,
    int batch,
    TrainingLoss loss,
    Watch watch,
    Optional<EarlyStop> stop,
    Optional<BestEpoch> best) {
  public Trainer {
    if (epochs < 1) {
      throw new IllegalArgumentException("epochs must be at least 1, was " + epochs);
    }
    if (steps.isPresent() && steps.get() < 1) {
      throw new IllegalArgumentException("steps must be at least 1, was " + steps.get());
    }
    if (steps.isPresent() && epochs != 1) {
      throw new IllegalArgumentException(
          "epochs: %d and steps: %d both say how long to train; write one of them"
              .formatted(epochs, steps.get()));
    }
    if (batch < 1) {
      throw new IllegalArgumentException("batch must be at least 1, was " + batch);
    }
  }

  /** Trains for some epochs on the task's own loss, and returns the parameters of the last. */
  public Trainer(int epochs, Optimizer optimizer, int batch) {
    this(
        epochs,
        Optional.empty(),
        optimizer,
        batch,
        TrainingLoss.TASK,
        new Watch(),
        Optional.empty(),
        Optional.empty());
  }

  /** Returns the optimiser steps of one epoch. */
  public long stepsPerEpoch(int examples) {
    return (examples + (long) batch - 1) / batch;
  }

  /** Returns the optimiser steps of the whole training. */
  public long steps(int examples) {
    return steps.orElseGet(() -> epochs * stepsPerEpoch(examples));
  }

  /** Returns whether a tensor of a training state belongs to the best epoch so far. */
  public static boolean isBest(String slot) {
    return slot.endsWith(Kept.SLOT);
  }

  /** Trains a checkpoint that nothing interrupts. */
  public Checkpoint train(Checkpoint input, OptionalLong cut, long seed, Stage.Context context)
      throws IOException {
    return train(input, cut, seed, context, Interlude.NONE, Optional.empty());
  }

  /**
   * Trains a checkpoint: from where its training state says, if there is one, it is not over and of
   * as many steps as this training, else from the beginning. All it records, it records at the end,
   * epochs before its input's state included.
   *
   * @param cut optimiser steps, from the beginning, after which to stop with the optimiser's
   *     tensors kept, and before an interruption there; empty for the end of the training, where
   *     they are dropped
   * @param seed of the order of examples and of anything random in the network
   * @param interlude what interrupts it, and changes the masks
   * @param distil which earlier model teaches
   * @return the same model with new parameters, and where its training stands
   * @throws DivergedException when the loss is no longer finite
   */
  public Checkpoint train(
      Checkpoint input,
      OptionalLong cut,
      long seed,
      Stage.Context context,
      Interlude interlude,
      Optional<Distil> distil)
      throws IOException {
    return Course.of(this, seed, context, interlude, distil).run(input, cut);
  }
}

package io.secateur.train;

import io.secateur.spi.Task;
import java.util.Optional;

/** Which loss a training makes small. */
public enum TrainingLoss {
  /** The task's own: cross-entropy for classes and tokens, squared error for numbers. */
  TASK,
  /** Cross-entropy of outputs as logits. */
  CROSS_ENTROPY,
  /** Negative log-likelihood of outputs that are log-probabilities already. */
  NLL,
  /** Mean squared error. */
  MSE;

  /** Returns the loss that this is on a task. */
  TrainingLoss on(Task task) {
    return this != TASK ? this : task instanceof Task.Regression ? MSE : CROSS_ENTROPY;
  }

  /** Returns why a task cannot be trained with it; nothing when it can. */
  public Optional<String> fault(Task task) {
    boolean numbers = task instanceof Task.Regression;
    if (this == MSE && !numbers) {
      return Optional.of(
          "loss: mse is for numbers, and the data set asks for classes; write loss: cross-entropy,"
              + " or nll for a model that ends in a log-softmax");
    }
    return numbers && (this == CROSS_ENTROPY || this == NLL)
        ? Optional.of(
            "loss: %s is for classes, and the data set asks for numbers; write loss: mse"
                .formatted(this == NLL ? "nll" : "cross-entropy"))
        : Optional.empty();
  }
}

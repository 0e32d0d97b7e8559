package io.secateur.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.secateur.spi.Task;

/** What training makes small: a batch's mean loss. */
final class Losses {
  private Losses() {}

  /**
   * Returns a batch's mean loss.
   *
   * @param predictions (batch, outputs), for tokens (batch, positions, outputs); logits for
   *     cross-entropy, log-probabilities for the negative log-likelihood
   * @param targets class numbers without the last dimension, or numbers in the predictions' shape
   */
  static NDArray mean(TrainingLoss loss, Task task, NDArray predictions, NDArray targets) {
    return switch (loss.on(task)) {
      case MSE -> predictions.sub(targets).square().mean();
      case NLL -> likelihood(predictions, targets);
      case TASK, CROSS_ENTROPY ->
          likelihood(predictions.logSoftmax(predictions.getShape().dimension() - 1), targets);
    };
  }

  /** The mean over all targets; those below 0 stand where nothing is to be predicted. */
  private static NDArray likelihood(NDArray logarithms, NDArray targets) {
    int outputs = logarithms.getShape().dimension() - 1;
    if (outputs == 1) {
      return logarithms.gather(targets.expandDims(outputs), outputs).mean().neg();
    }
    NDArray asked = targets.gte(0).toType(DataType.FLOAT32, false);
    NDArray chosen =
        logarithms.gather(targets.maximum(0).expandDims(outputs), outputs).squeeze(outputs);
    return chosen.mul(asked).sum().div(asked.sum().maximum(1)).neg();
  }
}

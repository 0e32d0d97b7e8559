package io.secateur.train;

import ai.djl.ndarray.NDArray;
import io.secateur.spi.Task;

/** What training makes small: a batch's mean loss, by task. */
final class Losses {
  private Losses() {}

  /**
   * Returns a batch's mean loss.
   *
   * @param predictions (batch, outputs), for tokens (batch, positions, outputs); logits for classes
   * @param targets class numbers without the last dimension, or numbers in the predictions' shape
   */
  static NDArray mean(Task task, NDArray predictions, NDArray targets) {
    if (task instanceof Task.Regression) {
      return predictions.sub(targets).square().mean();
    }
    int outputs = predictions.getShape().dimension() - 1;
    return predictions
        .logSoftmax(outputs)
        .gather(targets.expandDims(outputs), outputs)
        .mean()
        .neg();
  }
}

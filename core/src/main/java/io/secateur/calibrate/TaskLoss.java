package io.secateur.calibrate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.secateur.spi.Task;

/** The loss whose gradients calibration gathers: a task's own. */
final class TaskLoss {
  private TaskLoss() {}

  /** Returns the mean over a batch, a scalar. */
  static NDArray of(Task task, NDArray predictions, NDArray targets) {
    if (task instanceof Task.Regression) {
      return predictions.sub(targets.reshape(predictions.getShape())).square().mean();
    }
    NDArray classes = targets.reshape(-1, 1).toType(DataType.INT64, false);
    long outputs = predictions.getShape().get(predictions.getShape().dimension() - 1);
    NDArray log = predictions.reshape(-1, outputs).logSoftmax(1);
    // Targets below 0 stand where nothing is to be predicted.
    NDArray asked = classes.gte(0).toType(DataType.FLOAT32, false);
    return log.gather(classes.maximum(0), 1).mul(asked).sum().div(asked.sum().maximum(1)).neg();
  }
}

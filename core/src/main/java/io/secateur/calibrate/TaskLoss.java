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
    NDArray log = predictions.reshape(-1, task.outputs()).logSoftmax(1);
    return log.gather(classes, 1).mean().neg();
  }
}

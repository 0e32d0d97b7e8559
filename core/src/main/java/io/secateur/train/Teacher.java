package io.secateur.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.NetworkBlock;
import io.secateur.spi.Task;

/** The network that another learns from, in the engine; it predicts, and is not trained. */
final class Teacher {
  private final Distil distil;
  private final Task task;
  private final NetworkBlock block;

  /**
   * A teacher for a student, which may be of another architecture.
   *
   * @param manager on the device to compute on; owns the teacher's parameters
   */
  Teacher(Distil distil, Checkpoint model, Architecture student, Task task, NDManager manager) {
    Architecture own = model.architecture();
    if (!own.input().equals(student.input()) || !own.output().equals(student.output())) {
      throw new IllegalArgumentException(
          "distil: the model of %s makes %s of %s, the one to train makes %s of %s"
              .formatted(
                  distil.from(), own.output(), own.input(), student.output(), student.input()));
    }
    this.distil = distil;
    this.task = task;
    this.block = own.block(model.parameters(), manager);
  }

  /** Returns what it makes of a batch. */
  NDArray outputs(NDArray inputs) {
    return block.forward(inputs, false);
  }

  /**
   * Returns the loss of a batch of which both have seen the same inputs.
   *
   * @param student its outputs: logits, log-probabilities or numbers
   * @param teacher this one's, of the same shape
   * @param own the student's loss without a teacher
   */
  NDArray loss(NDArray student, NDArray teacher, NDArray own) {
    NDArray apart =
        task instanceof Task.Regression
            ? student.sub(teacher).square().mean()
            : divergence(student, teacher);
    // As floats: a double would make all of them doubles.
    return apart.mul((float) distil.weight()).add(own.mul((float) (1 - distil.weight())));
  }

  /** T² KL, so that its gradients keep their size whatever the temperature. */
  private NDArray divergence(NDArray student, NDArray teacher) {
    int outputs = student.getShape().dimension() - 1;
    double rows = (double) student.size() / student.getShape().get(outputs);
    float temperature = (float) distil.temperature();
    NDArray soft = teacher.div(temperature).logSoftmax(outputs);
    NDArray learnt = student.div(temperature).logSoftmax(outputs);
    return soft.exp().mul(soft.sub(learnt)).sum().mul((float) (temperature * temperature / rows));
  }
}

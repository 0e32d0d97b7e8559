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
    this.block = model.block(manager);
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
    return apart
        .mul(number(distil.weight(), student))
        .add(own.mul(number(1 - distil.weight(), student)));
  }

  /**
   * Returns a number that lasts as long as the batch does: gradients look at it, and that of
   * arithmetic with plain numbers is freed before. A float: a double would make all doubles.
   */
  private static NDArray number(double value, NDArray batch) {
    return batch.getManager().create((float) value);
  }

  /** T² KL, so that its gradients keep their size whatever the temperature. */
  private NDArray divergence(NDArray student, NDArray teacher) {
    int outputs = student.getShape().dimension() - 1;
    double rows = (double) student.size() / student.getShape().get(outputs);
    double temperature = distil.temperature();
    NDArray divisor = number(temperature, student);
    NDArray soft = teacher.div(divisor).logSoftmax(outputs);
    NDArray learnt = student.div(divisor).logSoftmax(outputs);
    return soft.exp()
        .mul(soft.sub(learnt))
        .sum()
        .mul(number(temperature * temperature / rows, student));
  }
}

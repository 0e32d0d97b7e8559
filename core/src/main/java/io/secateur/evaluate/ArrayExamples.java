package io.secateur.evaluate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.spi.Examples;
import io.secateur.spi.Task;
import java.nio.FloatBuffer;

/** Examples that a program has in arrays, of numbers with a class or with numbers to predict. */
public final class ArrayExamples implements Examples {
  private final Task task;
  private final float[][] inputs;
  private final float[][] targets;

  private ArrayExamples(Task task, float[][] inputs, float[][] targets) {
    this.task = task;
    this.inputs = inputs;
    this.targets = targets;
  }

  /**
   * Examples with a class each. Holds the arrays of inputs that it is given.
   *
   * @param inputs the numbers of each example, row-major
   * @param classes of each, from 0
   * @throws IllegalArgumentException naming the first example that does not suit the task
   */
  public static ArrayExamples of(Task.Classification task, float[][] inputs, int[] classes) {
    float[][] targets = new float[classes.length][1];
    for (int i = 0; i < classes.length; i++) {
      if (classes[i] < 0 || classes[i] >= task.classes()) {
        throw new IllegalArgumentException(
            "example %d is of class %d, and classes are 0 to %d"
                .formatted(i, classes[i], task.classes() - 1));
      }
      targets[i][0] = classes[i];
    }
    return checked(task, inputs, targets, 1);
  }

  /**
   * Examples with numbers to predict. Holds the arrays that it is given.
   *
   * @param inputs the numbers of each example, row-major
   * @param targets as many numbers for each as the task has outputs
   * @throws IllegalArgumentException naming the first example that does not suit the task
   */
  public static ArrayExamples of(Task.Regression task, float[][] inputs, float[][] targets) {
    return checked(task, inputs, targets.clone(), task.outputs());
  }

  private static ArrayExamples checked(Task task, float[][] inputs, float[][] targets, int each) {
    if (inputs.length != targets.length) {
      throw new IllegalArgumentException(
          "there are %d inputs and %d targets".formatted(inputs.length, targets.length));
    }
    for (int i = 0; i < inputs.length; i++) {
      if (inputs[i].length != task.input().size() || targets[i].length != each) {
        throw new IllegalArgumentException(
            "example %d has %d inputs and %d targets, the task asks for %s and %d"
                .formatted(i, inputs[i].length, targets[i].length, task.input(), each));
      }
    }
    return new ArrayExamples(task, inputs.clone(), targets);
  }

  /** Returns what the examples ask of a model. */
  public Task task() {
    return task;
  }

  @Override
  public int size() {
    return inputs.length;
  }

  @Override
  public Batch batch(int[] indices, NDManager manager) {
    NDArray shown = rows(inputs, indices, new Shape(indices.length).addAll(task.input()), manager);
    Shape wanted = new Shape(indices.length).addAll(targetShape());
    NDArray numbers = rows(targets, indices, wanted, manager);
    boolean ids = task.vocabulary() > 0;
    return new Batch(
        ids ? shown.toType(DataType.INT64, false) : shown,
        task instanceof Task.Regression ? numbers : numbers.toType(DataType.INT64, false));
  }

  private Shape targetShape() {
    return task instanceof Task.Regression ? new Shape(task.outputs()) : new Shape();
  }

  private static NDArray rows(float[][] from, int[] indices, Shape shape, NDManager manager) {
    FloatBuffer numbers = FloatBuffer.allocate(Math.toIntExact(shape.size()));
    for (int index : indices) {
      numbers.put(from[index]);
    }
    return manager.create(numbers.flip(), shape);
  }
}

package io.secateur.conformance;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.spi.Examples;
import io.secateur.spi.Task;
import java.util.random.RandomGenerator;

/** Made-up examples of a task, each drawn from its own number: as many as are asked for. */
record TrialExamples(Task task, int size, long seed) implements Examples {

  @Override
  public Batch batch(int[] indices, NDManager manager) {
    int width = (int) task.input().size();
    Shape inputs = new Shape(indices.length).addAll(task.input());
    boolean tokens = task instanceof Task.TokenPrediction;
    int perTarget = tokens ? width : task instanceof Task.Regression of ? of.outputs() : 1;
    float[] numbers = new float[indices.length * width];
    long[] ids = new long[indices.length * width];
    float[] values = new float[indices.length * perTarget];
    long[] classes = new long[indices.length * perTarget];
    for (int i = 0; i < indices.length; i++) {
      RandomGenerator random = WeightCase.generator(seed * 1_000_003 + indices[i]);
      // Inputs are related to one another, as those of real layers are.
      double shared = random.nextGaussian();
      for (int j = 0; j < width; j++) {
        numbers[i * width + j] = (float) (random.nextGaussian() + (j % 3) * shared);
        ids[i * width + j] = random.nextInt(1, Math.max(2, task.vocabulary()));
      }
      for (int j = 0; j < perTarget; j++) {
        values[i * perTarget + j] = (float) (random.nextGaussian() + shared);
        classes[i * perTarget + j] =
            tokens ? (j + 1 < width ? ids[i * width + j + 1] : -1) : random.nextInt(task.outputs());
      }
    }
    NDArray shown =
        task.vocabulary() > 0 ? manager.create(ids, inputs) : manager.create(numbers, inputs);
    if (task instanceof Task.Regression) {
      return new Batch(shown, manager.create(values, new Shape(indices.length, perTarget)));
    }
    return new Batch(shown, manager.create(classes, tokens ? inputs : new Shape(indices.length)));
  }
}

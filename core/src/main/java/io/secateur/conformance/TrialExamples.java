package io.secateur.conformance;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Tensor;
import io.secateur.spi.Examples;
import io.secateur.spi.Task;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
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
        task.vocabulary() > 0 ? longs(ids, inputs, manager) : floats(numbers, inputs, manager);
    if (task instanceof Task.Regression) {
      return new Batch(shown, floats(values, new Shape(indices.length, perTarget), manager));
    }
    Shape targets = tokens ? inputs : new Shape(indices.length);
    return new Batch(shown, longs(classes, targets, manager));
  }

  /**
   * Returns an array in the engine's own memory; one over Java's is freed with the Java object, and
   * gradients may look at it later.
   */
  static NDArray floats(float[] values, Shape shape, NDManager manager) {
    return Tensor.of(shape, values).in(manager);
  }

  private static NDArray longs(long[] values, Shape shape, NDManager manager) {
    ByteBuffer bytes =
        ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asLongBuffer().put(values);
    return Tensor.of(DataType.INT64, shape, List.of(bytes)).in(manager);
  }
}

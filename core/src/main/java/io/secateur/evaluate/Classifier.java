package io.secateur.evaluate;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Embedding;
import io.secateur.model.NetworkBlock;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;

/**
 * A model at work in an application: plain arrays in, plain arrays out. It holds the model's
 * parameters in the engine's memory until it is closed. Not for several threads at once.
 */
public final class Classifier implements AutoCloseable {
  private final Architecture architecture;
  private final NDManager manager;
  private final NetworkBlock block;
  private final int outputs;

  /** Copies a model's parameters to a device. */
  public Classifier(Checkpoint model, Device device) {
    this.architecture = model.architecture();
    this.outputs = Math.toIntExact(architecture.output().size());
    this.manager = NDManager.newBaseManager(device, "PyTorch");
    this.block = model.block(manager);
  }

  /**
   * Returns what the model gives for one example: a score per class as the last layer makes it, or
   * the numbers of a regression.
   *
   * @param example the numbers of one input, row-major: of an image channel by channel, row by row;
   *     ids of words for a model of texts
   * @throws IllegalArgumentException when there are not as many numbers as the model takes
   */
  public float[] scores(float... example) {
    return scores(new float[][] {example})[0];
  }

  /** Returns the same for each of some examples, which are computed at once. */
  public float[][] scores(float[][] examples) {
    if (examples.length == 0) {
      return new float[0][];
    }
    Shape input = architecture.input();
    int size = Math.toIntExact(input.size());
    FloatBuffer numbers = FloatBuffer.allocate(Math.multiplyExact(examples.length, size));
    for (float[] example : examples) {
      if (example.length != size) {
        throw new IllegalArgumentException(
            "the model takes examples of %s, which is %d numbers, was given %d"
                .formatted(input, size, example.length));
      }
      numbers.put(example);
    }
    numbers.flip();
    float[] all;
    try (NDScope scope = new NDScope();
        NDManager own = manager.newSubManager()) {
      scope.suppressNotUsedWarning();
      all = block.forward(batch(numbers, examples.length, own), false).toFloatArray();
    }
    float[][] scores = new float[examples.length][outputs];
    for (int i = 0; i < scores.length; i++) {
      System.arraycopy(all, i * outputs, scores[i], 0, outputs);
    }
    return scores;
  }

  private NDArray batch(FloatBuffer numbers, int examples, NDManager own) {
    Shape shape = new Shape(examples).addAll(architecture.input());
    if (!(architecture.layers().get(0) instanceof Embedding)) {
      return own.create(numbers, shape);
    }
    LongBuffer ids = LongBuffer.allocate(numbers.remaining());
    while (numbers.hasRemaining()) {
      ids.put((long) numbers.get());
    }
    return own.create(ids.flip(), shape);
  }

  /** Returns the class with the highest score, the first of equal ones. */
  public int classify(float... example) {
    return highest(scores(example));
  }

  /** Returns the class of each of some examples, which are computed at once. */
  public int[] classify(float[][] examples) {
    float[][] scores = scores(examples);
    int[] classes = new int[scores.length];
    for (int i = 0; i < classes.length; i++) {
      classes[i] = highest(scores[i]);
    }
    return classes;
  }

  private static int highest(float[] scores) {
    int highest = 0;
    for (int i = 1; i < scores.length; i++) {
      if (scores[i] > scores[highest]) {
        highest = i;
      }
    }
    return highest;
  }

  /** Gives the engine's memory back; the classifier answers no more. */
  @Override
  public void close() {
    manager.close();
  }
}

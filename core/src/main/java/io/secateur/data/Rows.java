package io.secateur.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.spi.Examples;
import java.nio.FloatBuffer;

/**
 * Rows of a table with what is to be predicted, resident as float32. Inputs are (batch, features);
 * targets float32 (batch, 1) for numbers, int64 (batch) for classes. Holds the arrays it is given.
 */
final class Rows implements Examples {
  private final float[][] features;
  private final float[] numbers;
  private final long[] classes;

  private Rows(float[][] features, float[] numbers, long[] classes) {
    this.features = features;
    this.numbers = numbers;
    this.classes = classes;
  }

  /** Rows with a number each. */
  static Rows ofNumbers(float[][] features, float[] numbers) {
    return new Rows(features, numbers, new long[0]);
  }

  /** Rows with a class each. */
  static Rows ofClasses(float[][] features, long[] classes) {
    return new Rows(features, new float[0], classes);
  }

  float[] row(int index) {
    return features[index];
  }

  float[] numbers() {
    return numbers;
  }

  @Override
  public int size() {
    return features.length;
  }

  @Override
  public Batch batch(int[] indices, NDManager manager) {
    int columns = features.length == 0 ? 0 : features[0].length;
    FloatBuffer inputs = FloatBuffer.allocate(indices.length * columns);
    for (int index : indices) {
      inputs.put(features[index]);
    }
    inputs.flip();
    return new Batch(
        manager.create(inputs, new Shape(indices.length, columns)), targets(indices, manager));
  }

  private NDArray targets(int[] indices, NDManager manager) {
    if (numbers.length > 0) {
      float[] targets = new float[indices.length];
      for (int i = 0; i < indices.length; i++) {
        targets[i] = numbers[indices[i]];
      }
      return manager.create(FloatBuffer.wrap(targets), new Shape(indices.length, 1));
    }
    long[] targets = new long[indices.length];
    for (int i = 0; i < indices.length; i++) {
      targets[i] = classes[indices[i]];
    }
    return manager.create(targets);
  }
}

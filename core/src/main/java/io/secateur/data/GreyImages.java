package io.secateur.data;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.spi.Examples;
import java.nio.FloatBuffer;

/**
 * Square grey images with a label each, resident as bytes; a pixel becomes a float32 when a batch
 * is asked for. Inputs are (batch, 1, side, side), targets int64 (batch). Holds the arrays it is
 * given; for one thread at a time.
 */
final class GreyImages implements Examples {
  private final int side;
  private final byte[] pixels;
  private final byte[] labels;
  private final float[] values;
  private float[] inputs = new float[0];

  /**
   * @param pixels image after image, row by row
   * @param scale what a pixel's 256 values stand for
   */
  GreyImages(int side, byte[] pixels, byte[] labels, Scale scale) {
    this.side = side;
    this.pixels = pixels;
    this.labels = labels;
    this.values = scale.values();
  }

  /**
   * How a pixel becomes a number: (pixel / 255 − mean) / deviation, each step rounded to float32 as
   * torchvision does.
   */
  record Scale(float mean, float deviation) {
    /** From 0 to 1. */
    static final Scale UNIT = new Scale(0, 1);

    private float[] values() {
      float[] values = new float[256];
      for (int pixel = 0; pixel < values.length; pixel++) {
        values[pixel] = (pixel / 255f - mean) / deviation;
      }
      return values;
    }
  }

  @Override
  public int size() {
    return labels.length;
  }

  @Override
  public Batch batch(int[] indices, NDManager manager) {
    int area = side * side;
    int count = indices.length * area;
    if (inputs.length < count) {
      inputs = new float[count];
    }
    long[] targets = new long[indices.length];
    for (int i = 0; i < indices.length; i++) {
      targets[i] = labels[indices[i]];
      int from = indices[i] * area;
      int to = i * area;
      for (int k = 0; k < area; k++) {
        inputs[to + k] = values[pixels[from + k] & 0xff];
      }
    }
    // The engine copies: `inputs` is free for the next batch.
    NDArray images =
        manager.create(
            FloatBuffer.wrap(inputs, 0, count), new Shape(indices.length, 1, side, side));
    return new Batch(images, manager.create(targets));
  }
}

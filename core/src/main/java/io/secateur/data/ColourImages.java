package io.secateur.data;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.spi.Examples;
import java.nio.FloatBuffer;

/**
 * Images with a class each, resident as bytes; a pixel becomes a float32 when a batch is asked for.
 * Inputs are (batch, channels, height, width), targets int64 (batch). For one thread at a time.
 */
final class ColourImages implements Examples {
  private final Pixels pixels;
  private final float[][] values;
  private final Augment augment;
  private float[] inputs = new float[0];

  /**
   * Images to be shown.
   *
   * @param means of each channel, of pixels from 0 to 1
   */
  ColourImages(Pixels pixels, double[] means, double[] deviations, Augment augment) {
    this.pixels = pixels;
    this.augment = augment;
    this.values = new float[pixels.channels()][256];
    for (int channel = 0; channel < values.length; channel++) {
      for (int pixel = 0; pixel < 256; pixel++) {
        values[channel][pixel] =
            (pixel / 255f - (float) means[channel]) / (float) deviations[channel];
      }
    }
  }

  @Override
  public int size() {
    return pixels.size();
  }

  @Override
  public Batch batch(int[] indices, NDManager manager) {
    room(indices.length);
    plain(indices);
    return shown(indices, manager);
  }

  @Override
  public Batch augmented(int[] indices, long seed, NDManager manager) {
    if (augment.isNothing()) {
      return batch(indices, manager);
    }
    room(indices.length);
    for (int i = 0; i < indices.length; i++) {
      SplitMix random = new SplitMix(seed, i);
      int span = 2 * augment.crop() + 1;
      int down = random.below(span) - augment.crop();
      int right = random.below(span) - augment.crop();
      boolean mirrored = augment.flip() && random.below(2) == 1;
      moved(pixels.image(indices[i]), i * cells(), down, right, mirrored);
    }
    return shown(indices, manager);
  }

  private int cells() {
    return pixels.channels() * pixels.height() * pixels.width();
  }

  private void room(int count) {
    if (inputs.length < count * cells()) {
      inputs = new float[count * cells()];
    }
  }

  // Loops stand apart from calls of the engine: the JVM compiles a method whole as soon as its loop
  // is hot, and to compile all that the engine's calls need took as long as 200 steps.
  private void plain(int[] indices) {
    for (int i = 0; i < indices.length; i++) {
      plain(pixels.image(indices[i]), i * cells());
    }
  }

  private long[] labels(int[] indices) {
    long[] labels = new long[indices.length];
    for (int i = 0; i < indices.length; i++) {
      labels[i] = pixels.label(indices[i]);
    }
    return labels;
  }

  private void plain(byte[] image, int to) {
    int area = pixels.height() * pixels.width();
    for (int channel = 0; channel < values.length; channel++) {
      float[] value = values[channel];
      int from = channel * area;
      for (int k = from; k < from + area; k++) {
        inputs[to + k] = value[image[k] & 0xff];
      }
    }
  }

  /** A window that is moved beyond the image shows zeros there, as padding before scaling does. */
  private void moved(byte[] image, int to, int down, int right, boolean mirrored) {
    int height = pixels.height();
    int width = pixels.width();
    int at = to;
    for (int channel = 0; channel < values.length; channel++) {
      float[] value = values[channel];
      for (int row = 0; row < height; row++) {
        int fromRow = row + down;
        for (int column = 0; column < width; column++) {
          int fromColumn = (mirrored ? width - 1 - column : column) + right;
          boolean inside =
              fromRow >= 0 && fromRow < height && fromColumn >= 0 && fromColumn < width;
          int pixel = inside ? image[(channel * height + fromRow) * width + fromColumn] & 0xff : 0;
          inputs[at++] = value[pixel];
        }
      }
    }
  }

  private Batch shown(int[] indices, NDManager manager) {
    // The engine copies: `inputs` is free for the next batch.
    FloatBuffer used = FloatBuffer.wrap(inputs, 0, indices.length * cells());
    Shape shape = new Shape(indices.length, pixels.channels(), pixels.height(), pixels.width());
    return new Batch(manager.create(used, shape), manager.create(labels(indices)));
  }
}

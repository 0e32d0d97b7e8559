package io.secateur.data;

import java.util.Arrays;

/**
 * Decoded images of one size: a byte a pixel and channel, image after image, channel after channel,
 * row by row; with a class number each.
 */
final class Pixels {
  private final int channels;
  private final int height;
  private final int width;
  private final byte[][] images;
  private final int[] labels;

  /** Images of one size; holds the arrays it is given. */
  Pixels(int channels, int height, int width, byte[][] images, int[] labels) {
    this.channels = channels;
    this.height = height;
    this.width = width;
    this.images = images;
    this.labels = labels;
  }

  int channels() {
    return channels;
  }

  int height() {
    return height;
  }

  int width() {
    return width;
  }

  int size() {
    return labels.length;
  }

  int label(int index) {
    return labels[index];
  }

  byte[] image(int index) {
    return images[index];
  }

  /** Returns some of the images, in that order. */
  Pixels of(int[] chosen) {
    return new Pixels(
        channels,
        height,
        width,
        Arrays.stream(chosen).mapToObj(i -> images[i]).toArray(byte[][]::new),
        Arrays.stream(chosen).map(i -> labels[i]).toArray());
  }

  /** Returns the means of each channel, of pixels from 0 to 1. */
  double[] means() {
    double[] means = new double[channels];
    sum((channel, value) -> means[channel] += value);
    for (int channel = 0; channel < channels; channel++) {
      means[channel] /= (double) height * width * size();
    }
    return means;
  }

  /** Returns the deviations of each channel, of pixels from 0 to 1; 1 where nothing varies. */
  double[] deviations() {
    double[] means = means();
    double[] deviations = new double[channels];
    sum((channel, value) -> deviations[channel] += value * value);
    for (int channel = 0; channel < channels; channel++) {
      double square = deviations[channel] / ((double) height * width * size());
      double variance = square - means[channel] * means[channel];
      deviations[channel] = variance > 1e-12 ? Math.sqrt(variance) : 1;
    }
    return deviations;
  }

  private interface Sum {
    void add(int channel, double value);
  }

  private void sum(Sum sum) {
    int area = height * width;
    for (byte[] image : images) {
      for (int i = 0; i < image.length; i++) {
        sum.add(i / area, (image[i] & 0xff) / 255.0);
      }
    }
  }
}

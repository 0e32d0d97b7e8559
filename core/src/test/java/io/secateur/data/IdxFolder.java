package io.secateur.data;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;

/**
 * Writes small data sets in MNIST's format. Pixel (row, column) of image n is 7n + 28·row + column,
 * modulo 256; label n is n modulo 10.
 */
final class IdxFolder {
  static final String TRAIN_IMAGES = "train-images-idx3-ubyte";
  static final String TRAIN_LABELS = "train-labels-idx1-ubyte";
  static final String TEST_IMAGES = "t10k-images-idx3-ubyte";
  static final String TEST_LABELS = "t10k-labels-idx1-ubyte";

  private IdxFolder() {}

  /** Writes the four files, unpacked. */
  static void write(Path folder, int train, int test) throws IOException {
    Files.createDirectories(folder);
    Files.write(folder.resolve(TRAIN_IMAGES), images(train));
    Files.write(folder.resolve(TRAIN_LABELS), labels(train));
    Files.write(folder.resolve(TEST_IMAGES), images(test));
    Files.write(folder.resolve(TEST_LABELS), labels(test));
  }

  static byte[] images(int count) throws IOException {
    byte[] pixels = new byte[count * 784];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) pixel(i / 784, i % 784 / 28, i % 28);
    }
    return idx(2051, new int[] {count, 28, 28}, pixels);
  }

  static int pixel(int image, int row, int column) {
    return (7 * image + 28 * row + column) % 256;
  }

  static byte[] labels(int count) throws IOException {
    byte[] labels = new byte[count];
    for (int i = 0; i < count; i++) {
      labels[i] = (byte) (i % 10);
    }
    return idx(2049, new int[] {count}, labels);
  }

  static byte[] idx(int magic, int[] dimensions, byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeInt(magic);
      for (int dimension : dimensions) {
        out.writeInt(dimension);
      }
      out.write(content);
    }
    return bytes.toByteArray();
  }

  static byte[] gzip(byte[] content) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bytes)) {
      out.write(content);
    }
    return bytes.toByteArray();
  }
}

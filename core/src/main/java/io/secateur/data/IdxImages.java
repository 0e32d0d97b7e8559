package io.secateur.data;

import ai.djl.ndarray.types.Shape;
import io.secateur.data.GreyImages.Scale;
import io.secateur.spi.DataFiles;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A data set of MNIST's make: four IDX files in a folder, 28×28 grey images of ten classes.
 *
 * @param folder also the data set's name
 * @param origin where the files can be had
 * @param crop how many rows and columns are kept around the centre; if the rest is odd, one more is
 *     cut off at the right and at the bottom
 * @param limit how many training examples are used, from the first; 0 for all
 */
record IdxImages(String folder, String origin, int crop, int limit, Scale scale) {
  static final int SIDE = 28;
  static final int CLASSES = 10;

  private static final String TRAIN = "train";
  private static final String TEST = "t10k";
  private static final String IMAGES = "-images-idx3-ubyte";
  private static final String LABELS = "-labels-idx1-ubyte";

  /** Refuses settings that no data set of this make has. */
  static void check(int crop, int limit) {
    if (crop < 1 || crop > SIDE) {
      throw new IllegalArgumentException(
          "crop must be between 1 and %d rows and columns, was %d".formatted(SIDE, crop));
    }
    if (limit < 0) {
      throw new IllegalArgumentException(
          "limit must be at least 1 training example, or 0 for all, was " + limit);
    }
  }

  Task task() {
    return new Task.Classification(new Shape(1, crop, crop), CLASSES);
  }

  int size(Split split, DataFiles files) throws IOException {
    return split == Split.VALIDATION ? 0 : used(split, headers(split, files));
  }

  Examples open(Split split, DataFiles files) throws IOException {
    Splits.refuseValidation(folder, split);
    Pair pair = headers(split, files);
    int used = used(split, pair);
    byte[] labels = pair.labels.read();
    for (int i = 0; i < labels.length; i++) {
      int label = labels[i] & 0xff;
      if (label >= CLASSES) {
        throw IdxFile.fault(
            pair.labels.path(),
            8L + i,
            "the label is %d, 0 to %d would be right".formatted(label, CLASSES - 1));
      }
    }
    byte[] pixels = centre(pair.images.read(), used);
    return new GreyImages(crop, pixels, Arrays.copyOf(labels, used), scale);
  }

  /** Returns a digest of the four files as they lie there. */
  String fingerprint(DataFiles files) throws IOException {
    Digest digest = new Digest();
    for (String part : new String[] {TRAIN, TEST}) {
      digest.add(Files.newInputStream(locate(part + IMAGES, files)));
      digest.add(Files.newInputStream(locate(part + LABELS, files)));
    }
    return digest.hex();
  }

  private record Pair(IdxFile images, IdxFile labels) {}

  private Pair headers(Split split, DataFiles files) throws IOException {
    String part = split == Split.TEST ? TEST : TRAIN;
    IdxFile images = IdxFile.header(locate(part + IMAGES, files), 3);
    IdxFile labels = IdxFile.header(locate(part + LABELS, files), 1);
    for (int i = 1; i <= 2; i++) {
      if (images.dimensions().get(i) != SIDE) {
        throw IdxFile.fault(
            images.path(),
            4L * (i + 1),
            "the images have %d %s, %d would be right"
                .formatted(images.dimensions().get(i), i == 1 ? "rows" : "columns", SIDE));
      }
    }
    if (images.count() == 0) {
      throw IdxFile.fault(images.path(), 4, "there are no images, at least 1 would be right");
    }
    if (images.count() != labels.count()) {
      throw IdxFile.fault(
          labels.path(),
          4,
          "there are %d labels, but %d images in %s"
              .formatted(labels.count(), images.count(), images.path()));
    }
    return new Pair(images, labels);
  }

  private int used(Split split, Pair pair) {
    int count = pair.images.count();
    if (split == Split.TEST || limit == 0) {
      return count;
    }
    if (limit > count) {
      throw new IllegalArgumentException(
          "%s: limit is %d, but there are %d training examples; 0 uses all"
              .formatted(folder, limit, count));
    }
    return limit;
  }

  private byte[] centre(byte[] pixels, int count) {
    int edge = (SIDE - crop) / 2;
    byte[] centre = new byte[count * crop * crop];
    for (int row = 0; row < count * crop; row++) {
      int image = row / crop;
      int from = (image * SIDE + edge + row % crop) * SIDE + edge;
      System.arraycopy(pixels, from, centre, row * crop, crop);
    }
    return centre;
  }

  private Path locate(String name, DataFiles files) {
    for (Path place : files.searched()) {
      for (String form : new String[] {name, name + ".gz"}) {
        Path path = place.resolve(folder).resolve(form);
        if (Files.isRegularFile(path)) {
          return path;
        }
      }
    }
    return files.require(folder, name + ".gz", origin);
  }
}

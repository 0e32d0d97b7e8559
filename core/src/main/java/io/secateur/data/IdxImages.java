package io.secateur.data;

import io.secateur.data.ImageFiles.Part;
import io.secateur.spi.DataFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The images of a data set of MNIST's make: four IDX files in a folder, 28×28 grey images of ten
 * classes.
 *
 * @param folder also the data set's name
 * @param origin where the files can be had
 * @param crop how many rows and columns are kept around the centre; if the rest is odd, one more is
 *     cut off at the right and at the bottom
 */
record IdxImages(String folder, String origin, int crop, DataFiles files)
    implements ImageParts.Source {
  static final int SIDE = 28;
  static final int CLASSES = 10;

  private static final String TRAIN = "train";
  private static final String TEST = "t10k";
  private static final String IMAGES = "-images-idx3-ubyte";
  private static final String LABELS = "-labels-idx1-ubyte";

  /** Refuses a crop that no data set of this make has. */
  static void check(int crop) {
    if (crop < 1 || crop > SIDE) {
      throw new IllegalArgumentException(
          "crop must be between 1 and %d rows and columns, was %d".formatted(SIDE, crop));
    }
  }

  @Override
  public int count(Part part) throws IOException {
    return part == Part.VALIDATION ? 0 : headers(part).images().count();
  }

  @Override
  public Pixels load(Part part) throws IOException {
    if (part == Part.VALIDATION) {
      return new Pixels(1, crop, crop, new byte[0][], new int[0]);
    }
    Pair pair = headers(part);
    byte[] bytes = pair.labels.read();
    int[] labels = new int[bytes.length];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = bytes[i] & 0xff;
      if (labels[i] >= CLASSES) {
        throw IdxFile.fault(
            pair.labels.path(),
            8L + i,
            "the label is %d, 0 to %d would be right".formatted(labels[i], CLASSES - 1));
      }
    }
    return new Pixels(1, crop, crop, centres(pair.images.read(), labels.length), labels);
  }

  /** Returns a digest of the four files as they lie there. */
  String fingerprint() throws IOException {
    Digest digest = new Digest();
    for (String part : new String[] {TRAIN, TEST}) {
      digest.add(Files.newInputStream(locate(part + IMAGES)));
      digest.add(Files.newInputStream(locate(part + LABELS)));
    }
    return digest.hex();
  }

  private record Pair(IdxFile images, IdxFile labels) {}

  private Pair headers(Part part) throws IOException {
    String prefix = part == Part.TEST ? TEST : TRAIN;
    IdxFile images = IdxFile.header(locate(prefix + IMAGES), 3);
    IdxFile labels = IdxFile.header(locate(prefix + LABELS), 1);
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

  private byte[][] centres(byte[] pixels, int count) {
    int edge = (SIDE - crop) / 2;
    byte[][] centres = new byte[count][crop * crop];
    for (int image = 0; image < count; image++) {
      for (int row = 0; row < crop; row++) {
        int from = (image * SIDE + edge + row) * SIDE + edge;
        System.arraycopy(pixels, from, centres[image], row * crop, crop);
      }
    }
    return centres;
  }

  private Path locate(String name) {
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

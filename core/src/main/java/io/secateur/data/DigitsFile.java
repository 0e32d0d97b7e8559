package io.secateur.data;

import io.secateur.spi.Split;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The generated digits of one split, and their file in the cache: labels, pixels, and the SHA-256
 * of both. A file that is damaged, or of another size, is made again.
 */
final class DigitsFile {
  private static final Logger LOG = LoggerFactory.getLogger(DigitsFile.class);
  private static final int CLASSES = 10;
  private static final int AREA = Handwriting.SIDE * Handwriting.SIDE;

  private final byte[] labels;
  private final byte[] pixels;

  private DigitsFile(byte[] labels, byte[] pixels) {
    this.labels = labels;
    this.pixels = pixels;
  }

  /** Returns the first {@code count} digits of a split, from {@code file} or generated into it. */
  static DigitsFile open(Path file, Split split, int count, long seed) {
    try {
      if (Files.exists(file)) {
        byte[] bytes = Files.readAllBytes(file);
        int end = count * (1 + AREA);
        if (bytes.length == end + Digest.LENGTH) {
          byte[] content = Arrays.copyOf(bytes, end);
          byte[] sum = Arrays.copyOfRange(bytes, end, bytes.length);
          if (Arrays.equals(sum, new Digest().add(content).bytes())) {
            return new DigitsFile(
                Arrays.copyOf(content, count), Arrays.copyOfRange(content, count, end));
          }
        }
        LOG.warn("{} is damaged; it is made again", file);
      }
    } catch (IOException unreadable) {
      LOG.warn("{} cannot be read ({}); digits are generated again", file, unreadable.toString());
    }
    DigitsFile digits = generate(split, count, seed);
    digits.keep(file);
    return digits;
  }

  /**
   * Writes digits. The nth of a split depends on seed, split and n alone, and every ten in a row
   * are all ten digits.
   */
  static DigitsFile generate(Split split, int count, long seed) {
    long part = split == Split.TEST ? 1 : 0;
    byte[] labels = new byte[count];
    byte[] pixels = new byte[count * AREA];
    IntStream.range(0, (count + CLASSES - 1) / CLASSES)
        .parallel()
        .forEach(
            ten -> {
              byte[] order = shuffled(new SplitMix(seed, part, ten));
              for (int k = 0; k < CLASSES && ten * CLASSES + k < count; k++) {
                int n = ten * CLASSES + k;
                labels[n] = order[k];
                Handwriting.write(order[k], new SplitMix(seed, part, ten, k), pixels, n * AREA);
              }
            });
    return new DigitsFile(labels, pixels);
  }

  private static byte[] shuffled(SplitMix random) {
    byte[] order = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    for (int i = order.length - 1; i > 0; i--) {
      int j = random.below(i + 1);
      byte other = order[j];
      order[j] = order[i];
      order[i] = other;
    }
    return order;
  }

  /** Returns them as they are held, not a copy. */
  GreyImages images(GreyImages.Scale scale) {
    return new GreyImages(Handwriting.SIDE, pixels, labels, scale);
  }

  byte[] labels() {
    return labels.clone();
  }

  byte[] pixels() {
    return pixels.clone();
  }

  /** Keeps them for next time; a cache that cannot be written costs time, not the run. */
  private void keep(Path file) {
    try {
      Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
      Path draft = Files.createTempFile(folder, "draft-", ".tmp");
      try {
        try (OutputStream out = Files.newOutputStream(draft)) {
          out.write(labels);
          out.write(pixels);
          out.write(new Digest().add(labels).add(pixels).bytes());
        }
        Files.move(
            draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException unwritable) {
      LOG.warn("{} cannot be written ({}); digits are not kept", file, unwritable.toString());
    }
  }
}

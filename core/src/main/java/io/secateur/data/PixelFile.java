package io.secateur.data;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decoded images in the cache: a header, labels, pixels, and the SHA-256 of all that. A damaged
 * file is as good as none; a cache that cannot be written costs time, not the run.
 */
final class PixelFile {
  private static final Logger LOG = LoggerFactory.getLogger(PixelFile.class);
  private static final int MAGIC = 0x53504958;

  private PixelFile() {}

  /** Returns how many images a file says it holds; nothing when there is none to read. */
  static Optional<Integer> count(Path file) {
    try (DataInputStream in = new DataInputStream(Files.newInputStream(file))) {
      boolean ours = in.readInt() == MAGIC;
      in.skipNBytes(12);
      return ours ? Optional.of(in.readInt()) : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Reads a file; nothing when there is none, or it is damaged. */
  static Optional<Pixels> read(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    MessageDigest digest = sha256();
    try (DataInputStream in =
        new DataInputStream(
            new DigestInputStream(
                new BufferedInputStream(Files.newInputStream(file), 1 << 16), digest))) {
      if (in.readInt() != MAGIC) {
        throw new IOException("it does not begin as such a file does");
      }
      int channels = in.readInt();
      int height = in.readInt();
      int width = in.readInt();
      int count = in.readInt();
      long promised = 20 + count * (4L + (long) channels * height * width) + Digest.LENGTH;
      if (count < 0 || Files.size(file) != promised) {
        throw new IOException("its length is not what its header promises");
      }
      int[] labels = new int[count];
      byte[][] images = new byte[count][];
      for (int i = 0; i < count; i++) {
        labels[i] = in.readInt();
      }
      for (int i = 0; i < count; i++) {
        images[i] = in.readNBytes(channels * height * width);
      }
      byte[] sum = digest.digest();
      if (!Arrays.equals(sum, in.readNBytes(Digest.LENGTH))) {
        throw new IOException("its checksum does not fit");
      }
      return Optional.of(new Pixels(channels, height, width, images, labels));
    } catch (EOFException e) {
      LOG.warn("{} is cut short; it is made again", file);
    } catch (IOException e) {
      LOG.warn("{} is damaged ({}); it is made again", file, e.getMessage());
    }
    return Optional.empty();
  }

  /** Writes a file, whole or not at all. */
  static void write(Path file, Pixels pixels) {
    try {
      Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
      Path draft = Files.createTempFile(folder, "draft-", ".tmp");
      try {
        draft(draft, pixels);
        Files.move(
            draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(draft);
      }
    } catch (IOException e) {
      LOG.warn("{} cannot be written ({}); decoded images are not kept", file, e.toString());
    }
  }

  private static void draft(Path draft, Pixels pixels) throws IOException {
    MessageDigest digest = sha256();
    try (DataOutputStream out =
        new DataOutputStream(
            new BufferedOutputStream(
                new DigestOutputStream(Files.newOutputStream(draft), digest), 1 << 16))) {
      out.writeInt(MAGIC);
      out.writeInt(pixels.channels());
      out.writeInt(pixels.height());
      out.writeInt(pixels.width());
      out.writeInt(pixels.size());
      for (int i = 0; i < pixels.size(); i++) {
        out.writeInt(pixels.label(i));
      }
      for (int i = 0; i < pixels.size(); i++) {
        out.write(pixels.image(i));
      }
      out.flush();
      out.write(digest.digest());
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java has SHA-256", impossible);
    }
  }
}

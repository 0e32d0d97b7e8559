package io.secateur.data;

import io.secateur.model.MalformedFileException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A file in the IDX format of unsigned bytes: a magic number (0x0800 + how many dimensions), the
 * dimensions as big-endian int32, the bytes. Gzipped or not, which its first two bytes tell. Every
 * fault names the file and the offset, in the unpacked bytes.
 *
 * @see <a href="http://yann.lecun.com/exdb/mnist/">the format</a>
 */
record IdxFile(Path path, List<Integer> dimensions) {
  private static final int UNSIGNED_BYTES = 0x0800;

  IdxFile {
    dimensions = List.copyOf(dimensions);
  }

  /** Returns how many items the header promises. */
  int count() {
    return dimensions.get(0);
  }

  /** Reads the header only. */
  static IdxFile header(Path path, int rank) throws IOException {
    try (InputStream in = open(path)) {
      return header(path, rank, in);
    }
  }

  /** Reads the bytes after the header, which must be as many as it promises and no more. */
  byte[] read() throws IOException {
    try (InputStream in = open(path)) {
      header(path, dimensions.size(), in);
      long length = 1;
      for (int dimension : dimensions) {
        // Three dimensions may promise more than a long counts.
        length = Math.min(1L << 31, length * dimension);
      }
      long begin = 4L * (1 + dimensions.size());
      if (length > Integer.MAX_VALUE - 8) {
        throw fault(
            path,
            4,
            "the header promises %s bytes, more than are held at once"
                .formatted(
                    dimensions.stream().map(String::valueOf).collect(Collectors.joining(" x "))));
      }
      byte[] bytes = read(path, in, begin, (int) length);
      if (bytes.length < length) {
        throw fault(
            path,
            begin + bytes.length,
            "the file ends here, the header promises " + (begin + length) + " bytes");
      }
      if (read(path, in, begin + length, 1).length > 0) {
        throw fault(
            path, begin + length, "the file goes on, the header promises that it ends here");
      }
      return bytes;
    }
  }

  private static IdxFile header(Path path, int rank, InputStream in) throws IOException {
    int length = 4 * (1 + rank);
    byte[] bytes = read(path, in, 0, length);
    // Padded, so that a short file of another kind is told first that it is of another kind.
    ByteBuffer header = ByteBuffer.wrap(Arrays.copyOf(bytes, length));
    int magic = header.getInt();
    if (bytes.length >= Integer.BYTES && magic != UNSIGNED_BYTES + rank) {
      throw fault(
          path,
          0,
          "the magic number is %d, a file of %s begins with %d"
              .formatted(magic, rank == 1 ? "labels" : "images", UNSIGNED_BYTES + rank));
    }
    if (bytes.length < length) {
      throw fault(path, bytes.length, "the file ends within its header of " + length + " bytes");
    }
    List<Integer> dimensions = new ArrayList<>();
    for (int i = 1; i <= rank; i++) {
      int dimension = header.getInt();
      if (dimension < 0) {
        throw fault(path, 4L * i, "a dimension is " + dimension + ", 0 or more would be right");
      }
      dimensions.add(dimension);
    }
    return new IdxFile(path, dimensions);
  }

  private static InputStream open(Path path) throws IOException {
    try {
      return Unpacked.open(path);
    } catch (MalformedFileException fault) {
      throw placed(path, 0, fault);
    }
  }

  /** Reads as many bytes as there are, at most {@code length}. */
  private static byte[] read(Path path, InputStream in, long offset, int length)
      throws IOException {
    byte[] bytes = new byte[Math.min(length, 1 << 20)];
    int count = 0;
    try {
      while (count < length) {
        // Grown as bytes arrive: a damaged header cannot ask for more memory than the file fills.
        if (count == bytes.length) {
          bytes = Arrays.copyOf(bytes, (int) Math.min(length, 2L * count));
        }
        int more = in.read(bytes, count, bytes.length - count);
        if (more < 0) {
          break;
        }
        count += more;
      }
    } catch (MalformedFileException fault) {
      throw placed(path, offset + count, fault);
    }
    return count == bytes.length ? bytes : Arrays.copyOf(bytes, count);
  }

  /**
   * Returns what to throw of a stream that cannot be unpacked, with the byte up to which it can.
   */
  private static IOException placed(Path path, long offset, MalformedFileException fault) {
    String place = path + ", byte " + offset;
    Throwable cause = fault.getCause();
    // The end of a file that has hardly begun is no broken download.
    if (cause instanceof EOFException && offset > 0) {
      return new MalformedFileException(
          place, "the gzip stream breaks off here: the download is incomplete", cause);
    }
    return cause == null
        ? fault
        : new MalformedFileException(
            place, "the gzip stream is damaged (" + cause.getMessage() + ")", cause);
  }

  static IOException fault(Path path, long offset, String what) {
    return new MalformedFileException(path + ", byte " + offset, what);
  }
}

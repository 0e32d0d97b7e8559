package io.secateur.data;

import io.secateur.model.MalformedFileException;
import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * The bytes of a file that is packed, or not. A stream that is damaged, breaks off, or unpacks to
 * more than data ever does is told with the file's name.
 */
final class Unpacked extends FilterInputStream {
  private static final int BUFFER = 1 << 16;

  private final String place;
  private final long most;
  private long count;

  /**
   * Watches over a stream.
   *
   * @param place what it is read from, for messages
   * @param packed how many bytes it is unpacked from
   */
  Unpacked(String place, long packed, InputStream in) {
    super(in);
    this.place = place;
    this.most = most(packed);
  }

  /** Returns how much is believed to have been packed into so many bytes. */
  static long most(long packed) {
    // A bomb is packed a thousandfold, which is what the format can at most; data some tenfold. Of
    // what is small in any case, images of one colour for one, the ratio says nothing.
    return Math.max(128L << 20, 100 * packed);
  }

  /** Opens a file; what is gzipped, as its first two bytes say, is unpacked. */
  static InputStream open(Path path) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(path), BUFFER);
    try {
      in.mark(2);
      boolean packed = in.read() == 0x1f && in.read() == 0x8b;
      in.reset();
      return packed ? gzip(path, in) : in;
    } catch (IOException | RuntimeException fault) {
      in.close();
      throw fault;
    }
  }

  /** Opens a file that must be gzipped. */
  static InputStream gzip(Path path) throws IOException {
    InputStream in = new BufferedInputStream(Files.newInputStream(path), BUFFER);
    try {
      return gzip(path, in);
    } catch (IOException | RuntimeException fault) {
      in.close();
      throw fault;
    }
  }

  private static InputStream gzip(Path path, InputStream in) throws IOException {
    try {
      return new Unpacked(path.toString(), Files.size(path), new GZIPInputStream(in, BUFFER));
    } catch (EOFException | ZipException fault) {
      throw damaged(path.toString(), fault);
    }
  }

  /** Returns what to throw of a stream that cannot be unpacked. */
  static MalformedFileException damaged(String place, IOException fault) {
    return new MalformedFileException(
        place, "damaged or cut short (%s)".formatted(fault.getMessage()), fault);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read;
    try {
      read = super.read(bytes, offset, length);
    } catch (EOFException | ZipException fault) {
      throw damaged(place, fault);
    }
    count += Math.max(0, read);
    if (count > most) {
      throw new MalformedFileException(
          place,
          "unpacks to over %,d bytes, more than a hundred times its size: no data is packed so tightly"
              .formatted(most));
    }
    return read;
  }

  @Override
  public long skip(long length) throws IOException {
    // Through read, so that what is skipped counts.
    byte[] passed = new byte[(int) Math.min(BUFFER, Math.max(1, length))];
    long skipped = 0;
    while (skipped < length) {
      int more = read(passed, 0, (int) Math.min(passed.length, length - skipped));
      if (more < 0) {
        break;
      }
      skipped += more;
    }
    return skipped;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}

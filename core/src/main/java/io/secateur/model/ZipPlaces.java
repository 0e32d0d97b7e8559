package io.secateur.model;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/**
 * Where the entries of a zip file lie, so that the bytes of stored ones can be mapped and changed
 * in place. Reads the central directory, also the one for large files.
 */
final class ZipPlaces {
  private static final int END = 0x06054b50;
  private static final int END_64 = 0x06064b50;
  private static final int LOCATOR_64 = 0x07064b50;
  private static final int CENTRAL = 0x02014b50;
  private static final int LOCAL = 0x04034b50;
  private static final int DESCRIPTOR = 0x08074b50;
  private static final int LONGEST_END = 22 + 0xffff;
  private static final long UNSIGNED = 0xffffffffL;

  private final Path file;
  private final FileChannel channel;
  private final Map<String, Entry> entries = new LinkedHashMap<>();

  private ZipPlaces(Path file, FileChannel channel) {
    this.file = file;
    this.channel = channel;
  }

  /**
   * An entry.
   *
   * @param central where the central directory describes it
   * @param local where its own header is
   * @param begin where its bytes begin
   * @param stored whether its bytes are as they are, not compressed
   * @param described whether its checksum follows its bytes
   */
  record Entry(
      String name,
      long central,
      long local,
      long begin,
      long size,
      boolean stored,
      boolean described) {}

  static Map<String, Entry> read(Path file, FileChannel channel) throws IOException {
    ZipPlaces places = new ZipPlaces(file, channel);
    try {
      places.read();
    } catch (EOFException | IndexOutOfBoundsException | IllegalArgumentException fault) {
      throw new MalformedFileException(file, "this zip file is cut short or damaged", fault);
    }
    return places.entries;
  }

  private void read() throws IOException {
    long size = channel.size();
    int length = (int) Math.min(size, LONGEST_END);
    ByteBuffer tail = bytes(size - length, length);
    int at = length - 22;
    while (at >= 0 && tail.getInt(at) != END) {
      at--;
    }
    if (at < 0) {
      throw new MalformedFileException(file, "this zip file has no directory: it is cut short");
    }
    long count = Short.toUnsignedInt(tail.getShort(at + 10));
    long start = tail.getInt(at + 16) & UNSIGNED;
    if (at >= 20 && tail.getInt(at - 20) == LOCATOR_64) {
      ByteBuffer end = bytes(tail.getLong(at - 12), 56);
      if (end.getInt(0) != END_64) {
        throw new MalformedFileException(file, "this zip file has a damaged directory");
      }
      count = end.getLong(32);
      start = end.getLong(48);
    }
    for (long i = 0; i < count; i++) {
      start = entry(start);
    }
  }

  /** Reads an entry of the directory and returns where the next one is. */
  private long entry(long at) throws IOException {
    ByteBuffer head = bytes(at, 46);
    if (head.getInt(0) != CENTRAL) {
      throw new MalformedFileException(file, at, "an entry of the zip file's directory is wanted");
    }
    int named = Short.toUnsignedInt(head.getShort(28));
    int extra = Short.toUnsignedInt(head.getShort(30));
    int comment = Short.toUnsignedInt(head.getShort(32));
    ByteBuffer rest = bytes(at + 46, named + extra);
    String name = StandardCharsets.UTF_8.decode(rest.slice(0, named)).toString();
    long size = head.getInt(24) & UNSIGNED;
    long packed = head.getInt(20) & UNSIGNED;
    long local = head.getInt(42) & UNSIGNED;
    for (int i = named; i + 4 <= rest.limit(); ) {
      int length = Short.toUnsignedInt(rest.getShort(i + 2));
      if (rest.getShort(i) == 1) {
        // The large numbers are there in this order, those alone that did not fit.
        int next = i + 4;
        if (size == UNSIGNED) {
          size = rest.getLong(next);
          next += Long.BYTES;
        }
        if (packed == UNSIGNED) {
          packed = rest.getLong(next);
          next += Long.BYTES;
        }
        local = local == UNSIGNED ? rest.getLong(next) : local;
      }
      i += 4 + length;
    }
    ByteBuffer own = bytes(local, 30);
    if (own.getInt(0) != LOCAL) {
      throw new MalformedFileException(file, local, "the entry " + name + " is wanted here");
    }
    long begin =
        local + 30 + Short.toUnsignedInt(own.getShort(26)) + Short.toUnsignedInt(own.getShort(28));
    boolean stored = head.getShort(10) == 0 && packed == size && (head.getShort(8) & 1) == 0;
    if (stored && (size < 0 || begin > channel.size() - size)) {
      throw new MalformedFileException(file, "the file ends within " + name);
    }
    boolean described = (own.getShort(6) & 8) != 0;
    if (entries.put(name, new Entry(name, at, local, begin, size, stored, described)) != null) {
      throw new MalformedFileException(file, at, "there are two entries " + name);
    }
    return at + 46 + named + extra + comment;
  }

  private ByteBuffer bytes(long at, int length) throws IOException {
    return bytes(channel, at, length);
  }

  static ByteBuffer bytes(FileChannel channel, long at, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, at + bytes.position()) < 0) {
        throw new EOFException();
      }
    }
    return bytes.flip();
  }

  /** Writes the checksum of a stored entry's bytes, as they are now, wherever it stands. */
  static void seal(FileChannel channel, Entry entry) throws IOException {
    CRC32 crc = new CRC32();
    for (long done = 0; done < entry.size(); ) {
      int length = (int) Math.min(1 << 18, entry.size() - done);
      crc.update(bytes(channel, entry.begin() + done, length));
      done += length;
    }
    int value = (int) crc.getValue();
    put(channel, entry.central() + 16, value);
    if (entry.described()) {
      long end = entry.begin() + entry.size();
      boolean signed = bytes(channel, end, 4).getInt() == DESCRIPTOR;
      put(channel, end + (signed ? 4 : 0), value);
    } else {
      put(channel, entry.local() + 14, value);
    }
  }

  private static void put(FileChannel channel, long at, int value) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).flip();
    while (bytes.hasRemaining()) {
      channel.write(bytes, at + bytes.position());
    }
  }
}

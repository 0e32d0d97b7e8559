package io.secateur.study;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Writes files so that whatever happens they are there whole, or not at all. */
final class Durable {
  /** Left free for everything else, the manifests among it. */
  private static final long RESERVE = 1 << 20;

  private Durable() {}

  /** Asks the system itself: a file store looks through all that is mounted. */
  private static long freeBeside(Path file) throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IOException(file + " is no place for a file");
    }
    return folder.getFileSystem() == FileSystems.getDefault()
        ? folder.toFile().getUsableSpace()
        : Files.getFileStore(folder).getUsableSpace();
  }

  /** Writes a new file and waits until the disk has it. */
  static void write(Path file, List<ByteBuffer> chunks) throws IOException {
    long bytes = chunks.stream().mapToLong(ByteBuffer::remaining).sum();
    long free = freeBeside(file);
    if (free < bytes + RESERVE) {
      throw new IOException(
          "no space left: %s takes %,d bytes and leaves %,d free, but its disk has %,d;"
                  .formatted(file.toAbsolutePath().getParent(), bytes, RESERVE, free)
              + " make room, or choose another place with --store, and run again: what is finished is kept");
    }
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (ByteBuffer chunk : chunks) {
        ByteBuffer left = chunk.duplicate();
        while (left.hasRemaining()) {
          channel.write(left);
        }
      }
      channel.force(true);
    }
  }

  static void write(Path file, String text) throws IOException {
    write(file, List.of(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
  }

  /** Replaces a file in one step by way of one beside it. */
  static void replace(Path file, String text) throws IOException {
    Path beside =
        file.resolveSibling("." + file.getFileName() + "." + ProcessHandle.current().pid());
    Files.deleteIfExists(beside);
    write(beside, text);
    Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Moves a file or folder to where nothing is yet; {@link #sync} makes that last. */
  static void publish(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Makes what happened in a folder last, where the system can. */
  static void sync(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows cannot open folders, and needs not: there a rename is on disk when it returns.
      return;
    }
  }
}

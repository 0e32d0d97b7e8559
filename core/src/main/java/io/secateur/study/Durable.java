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
import java.util.Objects;

/** Writes files so that whatever happens they are there whole, or not at all. */
final class Durable {
  private Durable() {}

  /** Asks the system itself: a file store looks through all that is mounted. */
  private static long freeIn(Path folder) throws IOException {
    return folder.getFileSystem() == FileSystems.getDefault()
        ? folder.toFile().getUsableSpace()
        : Files.getFileStore(folder).getUsableSpace();
  }

  /** Writes a new file and waits until the disk has it; what cannot be written whole goes again. */
  static void write(Path file, List<ByteBuffer> chunks) throws IOException {
    long bytes = chunks.stream().mapToLong(ByteBuffer::remaining).sum();
    Path folder = Objects.requireNonNull(file.toAbsolutePath().getParent());
    if (freeIn(folder) < bytes + NoRoomException.RESERVE) {
      throw NoRoomException.of(folder, bytes, null);
    }
    boolean whole = false;
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    try (channel) {
      for (ByteBuffer chunk : chunks) {
        ByteBuffer left = chunk.duplicate();
        while (left.hasRemaining()) {
          channel.write(left);
        }
      }
      channel.force(true);
      whole = true;
    } catch (IOException e) {
      throw NoRoomException.isBehind(e) ? NoRoomException.of(folder, bytes, e) : e;
    } finally {
      if (!whole) {
        Files.deleteIfExists(file);
      }
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
    try {
      write(beside, text);
      Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(beside);
    }
  }

  /** Moves a file or folder to where nothing is yet; {@link #sync} makes that last. */
  static void publish(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Sees that a folder can be written to, without writing.
   *
   * @param what is written there, for the message
   * @throws StudyException when it cannot
   */
  static void require(Path folder, String what) {
    if (!Files.isWritable(folder)) {
      throw new StudyException(
          "%s cannot be written to: it, or its disk, is read-only; %s".formatted(folder, what));
    }
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

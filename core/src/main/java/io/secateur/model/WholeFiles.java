package io.secateur.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Writes files that are there whole or not at all, also when the machine stops; deletes folders.
 */
public final class WholeFiles {
  private WholeFiles() {}

  /** Writes the content. */
  @FunctionalInterface
  public interface Body {
    /** Writes to a channel at its beginning. */
    void to(FileChannel channel) throws IOException;
  }

  /** Writes to a file beside it that is this process's own, forces that to the disk, renames it. */
  public static void write(Path file, Body body) throws IOException {
    Path temporary =
        file.resolveSibling(
            "%s.%d.tmp".formatted(file.getFileName(), ProcessHandle.current().pid()));
    try {
      try (FileChannel channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE,
              StandardOpenOption.TRUNCATE_EXISTING)) {
        body.to(channel);
        channel.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  static void write(Path file, byte[] content) throws IOException {
    write(file, channel -> put(channel, ByteBuffer.wrap(content)));
  }

  /** Fills a folder. */
  interface Contents {
    void into(Path folder) throws IOException;
  }

  /**
   * Makes a new folder, whole or not at all.
   *
   * @param what what is written, for the message when there is something at that path already
   */
  static void folder(Path folder, String what, Contents contents) throws IOException {
    if (Files.exists(folder)) {
      throw new FileAlreadyExistsException(
          folder.toString(), null, what + " is written to a new folder; delete this first");
    }
    Path absolute = folder.toAbsolutePath().normalize();
    Path temporary = absolute.resolveSibling(absolute.getFileName() + ".tmp-" + UUID.randomUUID());
    Files.createDirectories(temporary);
    try {
      contents.into(temporary);
      Files.move(temporary, absolute, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      delete(temporary);
    }
  }

  static void put(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** Deletes a file, or a folder with all that is in it; what is gone already is fine. */
  public static void delete(Path path) throws IOException {
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      Files.deleteIfExists(path);
      return;
    }
    List<Path> paths;
    try (Stream<Path> walk = Files.walk(path)) {
      paths = walk.sorted(Comparator.reverseOrder()).toList();
    } catch (NoSuchFileException e) {
      return;
    }
    for (Path each : paths) {
      Files.deleteIfExists(each);
    }
  }
}

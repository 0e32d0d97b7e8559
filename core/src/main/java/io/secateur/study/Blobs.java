package io.secateur.study;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** Bytes under their own SHA-256: equal tensors are stored once, and damage is seen. */
final class Blobs {
  private static final long CHUNK = 1 << 30;

  private final Path folder;
  private final Supplier<Path> temporary;
  private final Set<Ref> intact = ConcurrentHashMap.newKeySet();

  /**
   * Blobs in a folder.
   *
   * @param temporary gives a fresh path on the same disk
   */
  Blobs(Path folder, Supplier<Path> temporary) {
    this.folder = folder;
    this.temporary = temporary;
  }

  /** What a manifest says of a blob. */
  record Ref(String sha256, long bytes) {}

  /** Writes bytes, unless they are here. */
  Ref write(List<ByteBuffer> chunks) throws IOException {
    long bytes = chunks.stream().mapToLong(ByteBuffer::remaining).sum();
    Ref ref = new Ref(Digests.sha256(chunks), bytes);
    Path file = path(ref);
    if (Files.exists(file)) {
      // What a run that was ended left here may be damaged, and no step has been seen to need it.
      if (!intact.contains(ref) || Files.size(file) != bytes) {
        removeIfDamaged(ref);
      }
      if (Files.exists(file)) {
        intact.add(ref);
        return ref;
      }
    }
    Files.createDirectories(file.getParent());
    Path written = temporary.get();
    try {
      Durable.write(written, chunks);
      Durable.publish(written, file);
    } catch (FileAlreadyExistsException e) {
      // Another process wrote the same bytes meanwhile.
      return ref;
    } finally {
      Files.deleteIfExists(written);
    }
    return ref;
  }

  /**
   * Reads bytes.
   *
   * @throws DamagedStepException when they are not those that were written, or gone
   */
  List<ByteBuffer> read(Ref ref, String step) throws IOException {
    Path file = path(ref);
    List<ByteBuffer> chunks = new ArrayList<>();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size != ref.bytes()) {
        throw new DamagedStepException(
            step, "%s has %,d bytes instead of %,d".formatted(file, size, ref.bytes()));
      }
      for (long at = 0; at < size; at += CHUNK) {
        chunks.add(channel.map(MapMode.READ_ONLY, at, Math.min(CHUNK, size - at)));
      }
    } catch (NoSuchFileException e) {
      throw new DamagedStepException(step, file + " is missing");
    }
    if (!Digests.sha256(chunks).equals(ref.sha256())) {
      throw new DamagedStepException(step, file + " does not have its checksum");
    }
    return chunks;
  }

  /**
   * Sees that bytes are here as they were written; reads each at most once.
   *
   * @throws DamagedStepException when they are not those that were written, or gone
   */
  void check(Ref ref, String step) throws IOException {
    if (!intact.contains(ref)) {
      read(ref, step);
      intact.add(ref);
    }
  }

  /** Removes a blob unless its bytes are right, so that it can be written anew. */
  void removeIfDamaged(Ref ref) throws IOException {
    try {
      read(ref, "");
    } catch (DamagedStepException e) {
      Files.deleteIfExists(path(ref));
    }
  }

  Path path(Ref ref) {
    return folder.resolve(ref.sha256().substring(0, 2)).resolve(ref.sha256());
  }
}

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
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bytes under their own SHA-256: equal tensors are stored once, and damage is seen. */
final class Blobs {
  private static final Logger LOG = LoggerFactory.getLogger(Blobs.class);
  private static final long CHUNK = 1 << 30;

  /** Milliseconds; more than a tick of any disk's clock but those that count whole seconds. */
  private static final long TICK = 1000;

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
      // Clocks of disks tick slowly: a step published within the same tick must be the later one.
      FileTime now = Files.getLastModifiedTime(written);
      Files.setLastModifiedTime(written, FileTime.fromMillis(now.toMillis() - TICK));
      // The folder is left to the disk's own time: what a power cut takes is missed and made again.
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
      dateAnew(file);
      throw new DamagedStepException(step, file + " does not have its checksum");
    }
    return chunks;
  }

  /**
   * Sees that bytes are here and were not touched since a step that has them was published; what
   * was is read, each at most once. So what is finished is known without reading all of it; {@link
   * #read} sees also what a disk loses by itself.
   *
   * @param published when the step was; whatever happens to a file later is dated then or later
   * @throws DamagedStepException when they are not those that were written, or gone
   */
  void check(Ref ref, String step, FileTime published) throws IOException {
    if (intact.contains(ref)) {
      return;
    }
    try {
      BasicFileAttributes file = Files.readAttributes(path(ref), BasicFileAttributes.class);
      if (file.size() != ref.bytes() || file.lastModifiedTime().compareTo(published) >= 0) {
        read(ref, step);
      }
    } catch (NoSuchFileException e) {
      throw new DamagedStepException(step, path(ref) + " is missing");
    }
    intact.add(ref);
  }

  /** Dates a damaged file later than every step that is there, so that it is looked into. */
  private void dateAnew(Path file) {
    Path now = temporary.get();
    try {
      Files.createFile(now);
      Files.setLastModifiedTime(file, Files.getLastModifiedTime(now));
      Files.delete(now);
    } catch (IOException e) {
      LOG.debug("what cannot be written cannot be mended either", e);
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

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
import java.time.Duration;
import java.time.Instant;
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

  /** Seconds since 1970: a time long past, when no clock is that anybody writes a file by. */
  private static final long FIRST_DATE = Instant.parse("1990-01-01T00:00:00Z").getEpochSecond();

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
      // Only now that the disk has it: a power cut may take the date, but leaves none that is
      // wrong.
      Files.setLastModifiedTime(written, date(ref));
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
      dateAnew(ref);
      throw new DamagedStepException(step, file + " does not have its checksum");
    }
    return chunks;
  }

  /**
   * Sees that bytes are here and were not touched since they were written: the file has its size
   * and {@link #date}. What has another date is read, each at most once. So what is finished is
   * known without reading all of it; {@link #read} sees also what a disk loses by itself.
   *
   * @throws DamagedStepException when they are not those that were written, or gone
   */
  void check(Ref ref, String step) throws IOException {
    if (intact.contains(ref)) {
      return;
    }
    try {
      BasicFileAttributes file = Files.readAttributes(path(ref), BasicFileAttributes.class);
      if (file.size() != ref.bytes() || !file.lastModifiedTime().equals(date(ref))) {
        read(ref, step);
      }
    } catch (NoSuchFileException e) {
      throw new DamagedStepException(step, path(ref) + " is missing");
    }
    intact.add(ref);
  }

  /**
   * Returns the date that a blob's file is given: one that its checksum chooses, in the years from
   * 1990 to 2006. Whatever is written to the file later gives it another, whatever the clock says.
   */
  private static FileTime date(Ref ref) {
    // Even, since some disks count no finer.
    long seconds = 2 * Long.parseLong(ref.sha256().substring(0, 7), 16);
    return FileTime.from(Instant.ofEpochSecond(FIRST_DATE + seconds));
  }

  /** Gives a damaged file a date that is not its own, so that it is looked into. */
  private void dateAnew(Ref ref) {
    try {
      Files.setLastModifiedTime(
          path(ref), FileTime.from(date(ref).toInstant().plus(Duration.ofDays(1))));
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

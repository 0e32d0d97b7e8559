package io.secateur.study;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;

/**
 * Who works on what: a file per claim names its process, and its date is the last sign of life. A
 * claim ends when it is given back or when its process is dead: at once on this machine, after
 * {@link Owner#SILENCE} on another.
 *
 * <p>Whoever claims to be alone keeps all others on this machine from claiming anything new.
 */
final class Claims {
  private final Path folder;
  private final Clock clock;
  private final Owner self;
  private final Set<Path> held = ConcurrentHashMap.newKeySet();

  Claims(Path folder, Clock clock, Owner self) {
    this.folder = folder;
    this.clock = clock;
    this.self = self;
  }

  /** Something that must be done while no other process claims. */
  private interface Deed<T> {
    T run() throws IOException;
  }

  /** Claims a step; false when another process has it, or claims to be alone here. */
  boolean take(String key) throws IOException {
    return locked(() -> !taken(alone()) && !taken(folder.resolve(key)) && write(key));
  }

  /** Gives a claim back. */
  void release(String key) throws IOException {
    Path file = folder.resolve(key);
    held.remove(file);
    Files.deleteIfExists(file);
  }

  /**
   * Claims to be alone on this machine; false while another process does. Others finish what they
   * have: wait for {@link #othersAreBusy} to end.
   */
  boolean takeAlone() throws IOException {
    return locked(() -> !taken(alone()) && write(alone().getFileName().toString()));
  }

  void releaseAlone() throws IOException {
    release(alone().getFileName().toString());
  }

  /** Returns whether this process has a claim. */
  boolean has(String key) {
    return held.contains(folder.resolve(key));
  }

  /** Returns whether another process on this machine claims to be alone. */
  boolean othersAreAlone() throws IOException {
    return Files.exists(alone()) && locked(() -> taken(alone()));
  }

  /** Returns whether another process on this machine has a claim. */
  boolean othersAreBusy() throws IOException {
    return othersHave(owner -> owner.host().equals(self.host()));
  }

  /** Returns whether another process, on any machine, has a claim. */
  boolean othersWork() throws IOException {
    return othersHave(owner -> true);
  }

  private boolean othersHave(Predicate<Owner> which) throws IOException {
    return locked(
        () -> {
          try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(each -> !each.endsWith(".lock")).toList()) {
              Optional<Owner> owner = owner(file);
              if (owner.isPresent()
                  && which.test(owner.get())
                  && !owner.get().equals(self)
                  && taken(file)) {
                return true;
              }
            }
          }
          return false;
        });
  }

  /** Gives a sign of life for everything this process holds. */
  void beat() throws IOException {
    for (Path file : held) {
      if (Files.exists(file)) {
        Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
      }
    }
  }

  /** Returns how long ago a file was last written; nothing for one that is gone. */
  static Duration age(Path file, Clock clock) {
    try {
      return Duration.between(Files.getLastModifiedTime(file).toInstant(), clock.instant());
    } catch (IOException e) {
      return Duration.ZERO;
    }
  }

  private Path alone() {
    return folder.resolve("alone_" + self.host());
  }

  /** Whether a living process other than this one has a claim; the dead lose theirs here. */
  private boolean taken(Path file) throws IOException {
    if (!Files.exists(file)) {
      return false;
    }
    Optional<Owner> owner = owner(file);
    if (owner.isPresent() && owner.get().equals(self)) {
      return false;
    }
    if (owner.isPresent() && !self.isDead(owner.get(), () -> age(file, clock))) {
      return true;
    }
    Files.deleteIfExists(file);
    return false;
  }

  /** Returns who wrote a claim; nobody, when it was not written to its end. */
  private static Optional<Owner> owner(Path file) throws IOException {
    try {
      return Optional.of(Json.read(Files.readString(file), Owner.class));
    } catch (NoSuchFileException | JacksonException e) {
      return Optional.empty();
    }
  }

  private boolean write(String key) throws IOException {
    Path file = folder.resolve(key);
    Files.writeString(file, Json.line(self));
    Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
    held.add(file);
    return true;
  }

  /** One process at a time, and in it one thread; the lock ends with its process. */
  private synchronized <T> T locked(Deed<T> deed) throws IOException {
    try (FileChannel channel =
        FileChannel.open(
            folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      FileLock lock = lock(channel);
      try {
        return deed.run();
      } finally {
        lock.release();
      }
    }
  }

  private static FileLock lock(FileChannel channel) throws IOException {
    while (true) {
      try {
        return channel.lock();
      } catch (OverlappingFileLockException e) {
        // Another store of this process on the same folder.
        Pause.millis(5);
      }
    }
  }
}

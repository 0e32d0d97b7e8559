package io.secateur.study;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;

/**
 * Who works on what: a file per claim names its process, and its date is the last sign of life. A
 * claim ends when it is given back or when its process is dead: at once on this machine, after
 * {@link Owner#SILENCE} on another. Since clocks are set, and those of machines differ, a date that
 * is older, or lies in the future, is believed only when it has not changed for {@link
 * Owner#WATCH}; and one that has not changed for that silence is dead whatever it says.
 *
 * <p>Whoever claims to be alone keeps all others on this machine from claiming anything new.
 */
final class Claims {
  private final Path folder;
  private final Clock clock;
  private final LongSupplier nanos;
  private final Owner self;
  private final Set<Path> held = ConcurrentHashMap.newKeySet();
  private final Map<Path, Seen> seen = new ConcurrentHashMap<>();

  /**
   * The claims in a folder.
   *
   * @param nanos counts time whatever happens to the clock
   */
  Claims(Path folder, Clock clock, LongSupplier nanos, Owner self) {
    this.folder = folder;
    this.clock = clock;
    this.nanos = nanos;
    this.self = self;
  }

  /** The date of a claim, and since when it has been that. */
  private record Seen(FileTime date, long since) {}

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
    return othersHere() > 0;
  }

  /** Returns how many other processes on this machine have a claim. */
  int othersHere() throws IOException {
    return others((owner, file) -> owner.host().equals(self.host()));
  }

  /**
   * Returns whether another process, on any machine, has a claim. Where only its date speaks
   * against one, it is watched first.
   */
  boolean othersWork() throws IOException {
    while (others((owner, file) -> true) > 0) {
      if (others((owner, file) -> owner.host().equals(self.host()) || !isOld(file, clock)) > 0) {
        return true;
      }
      Pause.millis(200);
    }
    return false;
  }

  private int others(BiPredicate<Owner, Path> which) throws IOException {
    return locked(
        () -> {
          Set<Owner> others = new HashSet<>();
          for (Path file : files()) {
            Optional<Owner> owner = owner(file);
            if (owner.isPresent()
                && which.test(owner.get(), file)
                && !owner.get().equals(self)
                && taken(file)) {
              others.add(owner.get());
            }
          }
          return others.size();
        });
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(each -> !each.endsWith(".lock")).toList();
    }
  }

  /** Returns the processes that have left a claim, whether they live or not. */
  Set<String> claimants() throws IOException {
    Set<String> ids = new HashSet<>();
    for (Path file : files()) {
      owner(file).map(Owner::id).ifPresent(ids::add);
    }
    return ids;
  }

  /** Gives a sign of life for everything this process holds. */
  void beat() throws IOException {
    for (Path file : held) {
      if (Files.exists(file)) {
        Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
      }
    }
  }

  /** Returns whether a file's date says that nobody looks after it; of one that is gone, not. */
  static boolean isOld(Path file, Clock clock) {
    try {
      Instant date = Files.getLastModifiedTime(file).toInstant();
      return Duration.between(date, clock.instant()).abs().compareTo(Owner.SILENCE) > 0;
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns whether a process on another machine has given no sign of life for too long. */
  private boolean isSilent(Path file) {
    FileTime date;
    try {
      date = Files.getLastModifiedTime(file);
    } catch (IOException e) {
      return false;
    }
    long now = nanos.getAsLong();
    Seen known = seen.get(file);
    if (known == null || !known.date().equals(date)) {
      seen.put(file, new Seen(date, now));
      return false;
    }
    long watched = now - known.since();
    return watched > Owner.SILENCE.toNanos()
        || (watched >= Owner.WATCH.toNanos() && isOld(file, clock));
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
    if (owner.isPresent() && !self.isDead(owner.get(), () -> isSilent(file))) {
      return true;
    }
    seen.remove(file);
    Files.deleteIfExists(file);
    return false;
  }

  /** Returns who wrote a claim; nobody, when it was not written to its end, or is damaged. */
  private static Optional<Owner> owner(Path file) throws IOException {
    try {
      return Optional.ofNullable(Json.read(Files.readString(file), Owner.class))
          .filter(Owner::isWhole);
    } catch (NoSuchFileException | CharacterCodingException | JacksonException e) {
      return Optional.empty();
    }
  }

  private boolean write(String key) throws IOException {
    Path file = folder.resolve(key);
    try {
      Files.writeString(file, Json.line(self));
      Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
      held.add(file);
      return true;
    } finally {
      if (!held.contains(file)) {
        Files.deleteIfExists(file);
      }
    }
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

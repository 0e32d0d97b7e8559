package io.secateur.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A process that owns something in a store.
 *
 * @param host the machine, told apart from its namesakes and from itself before it was restarted
 * @param process its number there
 * @param started when it started, since numbers are used again: as the system itself counts, which
 *     does not change when the clock is set
 */
record Owner(String host, long process, long started) {
  /** Without a sign of life for so long, a process on another machine counts as dead. */
  static final Duration SILENCE = Duration.ofSeconds(90);

  /**
   * So long a process on another machine is watched that counts as dead by its last date: clocks
   * jump, and those of machines differ. Three signs of life.
   */
  static final Duration WATCH = Duration.ofSeconds(15);

  static Owner current() {
    return of(ProcessHandle.current());
  }

  /** A process of this machine. */
  static Owner of(ProcessHandle process) {
    return new Owner(hostname(), process.pid(), started(process));
  }

  /** Returns whether this names a process at all: what was read from a damaged file may not. */
  boolean isWhole() {
    return Objects.nonNull(host) && process > 0;
  }

  /** Returns this owner as part of a file name. */
  String id() {
    return host + "_" + process + "_" + started;
  }

  /**
   * Returns whether the owner of an {@link #id} is dead: on this machine the process is gone, on
   * another it has been silent for too long.
   */
  boolean isDead(String id, BooleanSupplier silent) {
    String[] parts = id.split("_", -1);
    if (parts.length != 3 || !parts[1].matches("\\d{1,18}") || !parts[2].matches("\\d{1,18}")) {
      return silent.getAsBoolean();
    }
    return isDead(new Owner(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2])), silent);
  }

  boolean isDead(Owner other, BooleanSupplier silent) {
    if (!other.host.equals(host)) {
      return silent.getAsBoolean();
    }
    Optional<ProcessHandle> process =
        ProcessHandle.of(other.process).filter(ProcessHandle::isAlive);
    return process.isEmpty() || started(process.get()) != other.started;
  }

  private static long started(ProcessHandle process) {
    // Linux makes an instant of it from the time now: another one whenever the clock is set.
    return firstLine(Path.of("/proc", Long.toString(process.pid()), "stat"))
        .flatMap(Owner::ticks)
        .or(() -> process.info().startInstant().map(Instant::toEpochMilli))
        .orElse(0L);
  }

  /** Returns field 22 of a process's line, ticks since the machine was started. */
  private static Optional<Long> ticks(String line) {
    // The second field is a name in brackets, which may have blanks and brackets itself.
    String[] fields = line.substring(line.lastIndexOf(')') + 1).strip().split(" ", -1);
    int at = 22 - 3;
    return fields.length > at && fields[at].matches("\\d{1,18}")
        ? Optional.of(Long.parseLong(fields[at]))
        : Optional.empty();
  }

  private static String hostname() {
    String name =
        firstLine(Path.of("/proc/sys/kernel/hostname"))
            .or(() -> Optional.ofNullable(System.getenv("COMPUTERNAME")))
            .or(() -> Optional.ofNullable(System.getenv("HOSTNAME")))
            .orElse("host");
    String boot = firstLine(Path.of("/proc/sys/kernel/random/boot_id")).orElse("");
    return name.replaceAll("[^A-Za-z0-9.-]", "-")
        + "-"
        + Digests.sha256(name + boot).substring(0, 8);
  }

  private static Optional<String> firstLine(Path file) {
    try {
      return Files.isReadable(file) ? Files.readString(file).lines().findFirst() : Optional.empty();
    } catch (IOException e) {
      // A process that has ended meanwhile.
      return Optional.empty();
    }
  }
}

package io.secateur.study;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A process that owns something in a store.
 *
 * @param host the machine, told apart from its namesakes and from itself before it was restarted
 * @param process its number there
 * @param started when it started, in milliseconds: numbers are used again
 */
record Owner(String host, long process, long started) {
  /** Without a sign of life for so long, a process on another machine counts as dead. */
  static final Duration SILENCE = Duration.ofSeconds(90);

  static Owner current() {
    ProcessHandle self = ProcessHandle.current();
    return new Owner(hostname(), self.pid(), started(self));
  }

  /** Returns this owner as part of a file name. */
  String id() {
    return host + "_" + process + "_" + started;
  }

  /**
   * Returns whether the owner of an {@link #id} is dead: on this machine the process is gone, on
   * another it has been silent for too long.
   */
  boolean isDead(String id, Supplier<Duration> silent) {
    String[] parts = id.split("_", -1);
    if (parts.length != 3 || !parts[1].matches("\\d{1,18}") || !parts[2].matches("\\d{1,18}")) {
      return silent.get().compareTo(SILENCE) > 0;
    }
    return isDead(new Owner(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2])), silent);
  }

  boolean isDead(Owner other, Supplier<Duration> silent) {
    if (!other.host.equals(host)) {
      return silent.get().compareTo(SILENCE) > 0;
    }
    Optional<ProcessHandle> process =
        ProcessHandle.of(other.process).filter(ProcessHandle::isAlive);
    return process.isEmpty() || started(process.get()) != other.started;
  }

  private static long started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
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
      throw new UncheckedIOException(e);
    }
  }
}

package io.secateur.cli;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** Looks at the machine: Java, the engine and its natives, devices, memory, disk. */
final class MachineChecks {
  private static final long SECONDS = 120;
  private static final long LITTLE_DISK = 2_000_000_000L;

  private MachineChecks() {}

  static List<Check> all() throws IOException {
    List<Check> checks = new ArrayList<>();
    checks.add(
        Check.ok(
            "Java",
            "%s, %s"
                .formatted(
                    System.getProperty("java.runtime.version"), System.getProperty("java.home"))));
    ChildJvm.Outcome natives = ChildJvm.run("io.secateur.cli.NativesChild", Map.of(), 1, SECONDS);
    checks.addAll(engine(natives));
    checks.add(Check.ok("threads", Runtime.getRuntime().availableProcessors() + ", as processors"));
    checks.add(Check.ok("memory", memory()));
    checks.add(disk());
    checks.add(size("cache of natives", engineCache()));
    return checks;
  }

  static List<Check> engine(ChildJvm.Outcome natives) {
    Map<String, String> answer = natives.answer();
    if (!"true".equals(answer.get("computes"))) {
      String reason =
          natives.status() == ChildJvm.Outcome.ENDLESS
              ? "they do not answer within %d s".formatted(SECONDS)
              : natives
                  .printed()
                  .lines()
                  .filter(line -> line.contains("Exception") || line.contains("Error"))
                  .reduce((first, second) -> second)
                  .orElse("exit status " + natives.status());
      return List.of(
          Check.missing(
              "natives",
              "the engine cannot be loaded: " + reason,
              "build for this platform: mvn package chooses linux-x86_64, linux-aarch64,"
                  + " osx-aarch64 or win-x86_64 by the machine it runs on"));
    }
    boolean gpu = !"0".equals(answer.getOrDefault("gpus", "0"));
    return List.of(
        Check.ok("engine", "%s through DJL %s".formatted(answer.get("engine"), answer.get("djl"))),
        Check.ok("natives", "load and compute, in a process of their own"),
        gpu
            ? Check.ok("device", "cpu, and gpu: " + answer.get("gpus"))
            : Check.ok("device", "cpu; for a GPU build with SECATEUR_PROFILES=gpu"));
  }

  private static String memory() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? "%s, %s free"
            .formatted(
                Layout.bytes(system.getTotalMemorySize()), Layout.bytes(system.getFreeMemorySize()))
        : "unknown";
  }

  private static Check disk() throws IOException {
    Path here = Path.of("").toAbsolutePath();
    long free = Files.getFileStore(here).getUsableSpace();
    String found = "%s free in %s".formatted(Layout.bytes(free), here);
    return free < LITTLE_DISK
        ? Check.absent("disk", found, "runs keep their checkpoints; free some, or use --out")
        : Check.ok("disk", found);
  }

  private static Path engineCache() {
    for (String name : List.of("DJL_CACHE_DIR", "ENGINE_CACHE_DIR")) {
      String value =
          Objects.requireNonNullElse(
              System.getProperty(name), Objects.requireNonNullElse(System.getenv(name), ""));
      if (!value.isEmpty()) {
        return Path.of(value);
      }
    }
    return Path.of(System.getProperty("user.home"), ".djl.ai");
  }

  static Check size(String what, Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return Check.ok(what, folder + ", nothing in it yet");
    }
    try (Stream<Path> files = Files.walk(folder)) {
      long bytes = 0;
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        bytes += Files.size(file);
      }
      return Check.ok(what, "%s, %s".formatted(folder, Layout.bytes(bytes)));
    }
  }
}

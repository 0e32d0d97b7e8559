package io.secateur.study;

import ai.djl.engine.Engine;
import io.secateur.study.RunInfo.Machine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/** What this process runs on, found without loading natives. */
final class Facts {
  private Facts() {}

  static Machine machine(String device) {
    return new Machine(
        processor(),
        Runtime.getRuntime().availableProcessors(),
        memory(),
        "%s %s %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.runtime.version"),
        property("/ai/djl/engine/api.properties", "djl_version").orElse("unknown"),
        libtorch(),
        device);
  }

  /** Returns what tells this machine apart from others, for timings; not a name anyone reads. */
  static String identity(Machine machine) {
    String host = Owner.current().host();
    String name = host.substring(0, Math.max(0, host.lastIndexOf('-')));
    String text =
        String.join(
            "\n",
            name,
            machine.processor(),
            Integer.toString(machine.cores()),
            Long.toString(machine.memoryBytes()),
            machine.system(),
            machine.jvm());
    return Digests.sha256(text).substring(0, 16);
  }

  /** Returns the version of Secateur; {@code development} outside a jar. */
  static String version() {
    return Optional.ofNullable(Facts.class.getPackage().getImplementationVersion())
        .orElse("development");
  }

  private static String processor() {
    Path file = Path.of("/proc/cpuinfo");
    if (Files.isReadable(file)) {
      try (Stream<String> lines = Files.lines(file)) {
        Optional<String> name =
            lines
                .filter(line -> line.startsWith("model name"))
                .map(line -> line.substring(line.indexOf(':') + 1).strip())
                .findFirst();
        if (name.isPresent()) {
          return name.get();
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return Optional.ofNullable(System.getenv("PROCESSOR_IDENTIFIER"))
        .orElse(System.getProperty("os.arch"));
  }

  private static long memory() {
    OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
    return system instanceof com.sun.management.OperatingSystemMXBean known
        ? known.getTotalMemorySize()
        : 0;
  }

  /** The version of the libtorch on the class path, else of the one that the environment names. */
  private static String libtorch() {
    return property("/native/lib/pytorch.properties", "version")
        .map(version -> version.replaceFirst("-\\d{8}$", ""))
        .or(() -> Optional.ofNullable(System.getenv("PYTORCH_VERSION")))
        .or(() -> property("/pytorch-engine.properties", "pytorch_version"))
        .orElse("unknown");
  }

  private static Optional<String> property(String resource, String name) {
    try (InputStream in = Engine.class.getResourceAsStream(resource)) {
      if (in == null) {
        return Optional.empty();
      }
      Properties properties = new Properties();
      properties.load(in);
      return Optional.ofNullable(properties.getProperty(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

package io.secateur.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code secateur jshell}. */
@Command(
    name = "jshell",
    header = "Starts Java's shell with Secateur on the class path.",
    description = {
      "The packages that programs use are imported: io.secateur.* with model, sparsity, spi and"
          + " stage, and DJL's arrays. Arguments are jshell's own: files to run, -s for less talk, -"
          + " to read from standard input. A file that ends with /exit ends the shell."
    },
    footer = {
      "",
      "Examples:",
      "  secateur jshell",
      "  secateur jshell prune.jsh",
      "  echo 'System.out.println(Secateur.load(\"model\").summary())' | secateur jshell -s -"
    })
final class JshellCommand implements Callable<Integer> {
  @Parameters(paramLabel = "ARGUMENT", description = "What jshell is given: files, options.")
  private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() throws IOException {
    Path startup = Files.createTempFile("secateur", ".jsh");
    try {
      Process shell =
          process(Path.of(System.getProperty("java.home")), startup, arguments).inheritIO().start();
      return shell.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw (InterruptedIOException) new InterruptedIOException("interrupted").initCause(e);
    } finally {
      Files.deleteIfExists(startup);
    }
  }

  /**
   * Returns the shell, not started yet.
   *
   * @param startup where the imports are written
   * @throws CommandException when this Java has no shell
   */
  static ProcessBuilder process(Path java, Path startup, List<String> arguments)
      throws IOException {
    Path shell = java.resolve("bin").resolve("jshell");
    if (!Files.exists(shell) && !Files.exists(shell.resolveSibling("jshell.exe"))) {
      throw CommandException.badInput(
          "jshell is not in %s, which is a Java runtime; install a JDK 17 or newer, or set JAVA_HOME to one"
              .formatted(java));
    }
    try (InputStream imports = JshellCommand.class.getResourceAsStream("startup.jsh")) {
      Files.write(startup, Objects.requireNonNull(imports).readAllBytes());
    }
    List<String> command = new ArrayList<>();
    command.add(shell.toString());
    command.addAll(List.of("--startup", "DEFAULT", "--startup", startup.toString()));
    // The shell itself is to start fast; the snippets run in a process of their own.
    command.addAll(List.of("-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC"));
    command.add("-R-Djava.awt.headless=true");
    command.add("-R-Dai.djl.offline=" + System.getProperty("ai.djl.offline", "true"));
    for (String property : List.of("secateur.home", "DJL_CACHE_DIR")) {
      String value = System.getProperty(property);
      if (value != null) {
        command.add("-R-D" + property + "=" + value);
      }
    }
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    // Read by the shell, and by the process that runs the snippets, whose workers take it on.
    environment.put("CLASSPATH", System.getProperty("java.class.path"));
    environment.put("OPT_OUT_TRACKING", "true");
    return builder;
  }
}

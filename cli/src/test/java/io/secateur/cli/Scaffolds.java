package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.model.WholeFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** A project of every kind, started by the command, compiled as Maven would, and packed as jars. */
final class Scaffolds {
  private final Path folder;

  private Scaffolds(Path folder) {
    this.folder = folder;
  }

  /** Returns all of them, {@code my-method}, {@code my-schedule} and so on, made once. */
  static Scaffolds all() {
    return Made.ALL;
  }

  /** Made when first asked for, and deleted with the process. */
  private static final class Made {
    static final Scaffolds ALL = make();
  }

  private static Scaffolds make() {
    try {
      Path folder = Files.createTempDirectory("secateur-scaffolds");
      Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
      Scaffolds made = new Scaffolds(folder);
      for (ScaffoldKind kind : ScaffoldKind.values()) {
        Cli.Result result =
            Cli.run(
                "plugins",
                "new",
                name(kind),
                "--kind",
                kind.label(),
                "--dir",
                made.project(kind).toString());
        assertThat(result.exitCode()).as(result.err()).isZero();
      }
      made.compile();
      Files.createDirectories(made.jars());
      for (ScaffoldKind kind : ScaffoldKind.values()) {
        made.pack(kind);
      }
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void delete(Path folder) {
    try {
      WholeFiles.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String name(ScaffoldKind kind) {
    return "my-" + kind.label();
  }

  static String type(ScaffoldKind kind) {
    String label = kind.label();
    return "org.example.My" + Character.toUpperCase(label.charAt(0)) + label.substring(1);
  }

  Path project(ScaffoldKind kind) {
    return folder.resolve(name(kind));
  }

  /** The folder with a jar for each. */
  Path jars() {
    return folder.resolve("plugins");
  }

  /** The classes of all of them, and of their tests. */
  Path classes() {
    return folder.resolve("classes");
  }

  private void compile() throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "-proc:none",
                "--release",
                "17",
                "-Xlint:all,-classfile",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                classes().toString()));
    try (Stream<Path> files = Files.walk(folder)) {
      files.map(Path::toString).filter(file -> file.endsWith(".java")).forEach(arguments::add);
    }
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));
    assertThat(result).isZero();
  }

  private void pack(ScaffoldKind kind) throws IOException {
    Path jar = jars().resolve(name(kind) + "-1.0.jar");
    Path services = project(kind).resolve("src/main/resources/META-INF/services");
    try (FileSystem zip =
        FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of("create", "true"))) {
      Path types = Files.createDirectories(zip.getPath("org", "example"));
      String type = type(kind).substring(type(kind).lastIndexOf('.') + 1);
      try (Stream<Path> files = Files.list(classes().resolve("org/example"))) {
        for (Path file : files.toList()) {
          String name = String.valueOf(file.getFileName());
          if (name.equals(type + ".class") || name.startsWith(type + "$")) {
            Files.copy(file, types.resolve(name));
          }
        }
      }
      Path into = Files.createDirectories(zip.getPath("META-INF", "services"));
      try (Stream<Path> files = Files.list(services)) {
        for (Path file : files.toList()) {
          Files.copy(file, into.resolve(String.valueOf(file.getFileName())));
        }
      }
    }
  }
}

package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
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

/** The jar of {@code docs/examples/relative-magnitude}, compiled and packed as by hand. */
final class ExampleJar {
  private ExampleJar() {}

  /** Packs it, with more lines of the manifest than it has by hand. */
  static void pack(Path jar, String... manifest) throws IOException {
    Path main = Cli.root().resolve("docs/examples/relative-magnitude/src/main");
    URI uri = URI.create("jar:" + jar.toUri());
    try (FileSystem zip = FileSystems.newFileSystem(uri, Map.of("create", "true"))) {
      Path out = Files.createTempDirectory(jar.toAbsolutePath().getParent(), "classes");
      compile(main.resolve("java"), out);
      copy(out, zip.getPath("/"));
      copy(main.resolve("resources"), zip.getPath("/"));
      if (manifest.length > 0) {
        Files.writeString(
            zip.getPath("/META-INF/MANIFEST.MF"),
            "Manifest-Version: 1.0\n" + String.join("\n", manifest) + "\n\n");
      }
    }
  }

  private static void compile(Path sources, Path out) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--release",
                "17",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                out.toString()));
    try (Stream<Path> files = Files.walk(sources)) {
      files.filter(Files::isRegularFile).map(Path::toString).forEach(arguments::add);
    }
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));
    assertThat(status).isZero();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }
}

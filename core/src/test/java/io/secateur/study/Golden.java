package io.secateur.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** What a user reads, kept in files; {@code -Dgolden.write=true} writes them anew. */
final class Golden {
  private Golden() {}

  static void check(String name, String actual) {
    String path = "golden/study/" + name + ".txt";
    Path source = Path.of("src/test/resources", path);
    try {
      if (Boolean.getBoolean("golden.write")) {
        Files.createDirectories(source.getParent());
        Files.writeString(source, actual + "\n");
      }
      try (InputStream file =
          Boolean.getBoolean("golden.write")
              ? Files.newInputStream(source)
              : Golden.class.getResourceAsStream("/" + path)) {
        String expected =
            new String(Objects.requireNonNull(file, path).readAllBytes(), StandardCharsets.UTF_8);
        assertThat(actual + "\n").as(path).isEqualTo(expected);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    }
  }
}

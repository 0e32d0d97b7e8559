package io.secateur.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/** Messages as a user reads them, kept in files; {@code -Dgolden.write=true} writes them anew. */
final class Golden {
  private Golden() {}

  static void check(String name, String actual) {
    String path = "golden/plugin/" + name + ".txt";
    try {
      if (Boolean.getBoolean("golden.write")) {
        Files.writeString(Path.of("src/test/resources", path), actual + "\n");
      }
      try (InputStream file = Golden.class.getResourceAsStream("/" + path)) {
        String expected =
            Boolean.getBoolean("golden.write")
                ? Files.readString(Path.of("src/test/resources", path))
                : new String(
                    Objects.requireNonNull(file, path).readAllBytes(), StandardCharsets.UTF_8);
        assertThat(actual + "\n").as(path).isEqualTo(expected);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    }
  }
}

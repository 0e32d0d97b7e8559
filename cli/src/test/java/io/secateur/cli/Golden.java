package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Compares text with a file of {@code src/test/resources/golden}; {@code -Dgolden.write=true}
 * writes the files instead.
 */
final class Golden {
  private Golden() {}

  static void check(String name, String text) throws IOException {
    Path file = Path.of("src", "test", "resources", "golden", name + ".txt");
    String unix = text.replace("\r\n", "\n");
    if (Boolean.getBoolean("golden.write")) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, unix);
    }
    assertThat(unix).isEqualTo(Files.readString(file));
  }
}

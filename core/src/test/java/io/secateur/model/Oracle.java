package io.secateur.model;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** Golden values, and the real files beside the repository where they are at hand. */
final class Oracle {
  private Oracle() {}

  static JsonNode read(String name) throws IOException {
    try (InputStream resource = Oracle.class.getResourceAsStream("/oracle/" + name)) {
      return Layers.JSON.readTree(Objects.requireNonNull(resource, name).readAllBytes());
    }
  }

  /** Returns a list of rows as a tensor. */
  static Tensor matrix(JsonNode rows) {
    int columns = rows.path(0).size();
    float[] values = new float[rows.size() * columns];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) rows.path(i / columns).path(i % columns).asDouble();
    }
    return Tensor.of(new Shape(rows.size(), columns), values);
  }

  /**
   * Returns a file of the folder {@code shared} next to the repository; skips where there is none.
   */
  static Path shared(String name) {
    Path here = Path.of("").toAbsolutePath();
    Optional<Path> found =
        Stream.iterate(here, Objects::nonNull, Path::getParent)
            .map(folder -> folder.resolve("shared").resolve(name))
            .filter(Files::exists)
            .findFirst();
    if (found.isEmpty()) {
      // Surefire counts what is skipped, and does not say why.
      LoggerFactory.getLogger(Oracle.class)
          .warn("skipped: no ../shared/{} beside the repository", name);
    }
    assumeTrue(found.isPresent());
    return found.orElseThrow();
  }
}

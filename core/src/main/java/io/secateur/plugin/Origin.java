package io.secateur.plugin;

import java.nio.file.Path;
import java.util.Optional;

/** Where a plugin's class came from. */
public sealed interface Origin {

  /** The class path that the framework itself was started from. */
  record BuiltIn(String module) implements Origin {
    @Override
    public String toString() {
      return module;
    }
  }

  /**
   * A jar in a plugin folder.
   *
   * @param sha256 of the jar's bytes, in hexadecimal: part of the key of what it computes
   * @param version its {@code Implementation-Version}; empty when its manifest has none
   * @param spi the version of the SPI that it declares to be built against; empty when it does not
   */
  record Jar(Path file, String sha256, Optional<String> version, Optional<String> spi)
      implements Origin {
    @Override
    public String toString() {
      return file.toString();
    }
  }

  /** Returns the jar, for a plugin that came in one. */
  default Optional<Jar> jar() {
    return this instanceof Jar jar ? Optional.of(jar) : Optional.empty();
  }
}

package io.secateur.spi;

/**
 * Something a study file names. A plugin is a public record: its components are its settings, its
 * no-arg constructor their defaults, its compact constructor their validation. Equality and {@code
 * toString} are its identity and provenance.
 */
public interface Plugin {
  /** Returns the name a study file writes: lower-case words joined by hyphens. */
  String name();

  /** Returns what it does, why it should work, its equation and paper, in a few lines of text. */
  default String description() {
    return "";
  }

  /** Raised whenever the same settings would give other results, so that stored results expire. */
  default int version() {
    return 1;
  }
}

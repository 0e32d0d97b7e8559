package io.secateur.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** Refuses places where nothing new can be written, before any work is done. */
final class NewPath {
  private NewPath() {}

  /** Refuses a path where something is already, or whose folder is not there. */
  static void check(String option, Path to) {
    if (Files.exists(to)) {
      throw CommandException.badInput(
          "%s %s: is there already; delete it first, or choose another place"
              .formatted(option, to));
    }
    requireFolder(option, to);
  }

  /** Refuses a path whose folder is not there. */
  static void requireFolder(String option, Path to) {
    Path parent = to.toAbsolutePath().normalize().getParent();
    if (parent != null && !Files.isDirectory(parent)) {
      throw CommandException.badInput("%s %s: there is no folder %s".formatted(option, to, parent));
    }
  }
}

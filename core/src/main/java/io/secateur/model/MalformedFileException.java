package io.secateur.model;

import java.io.IOException;
import java.nio.file.Path;

/** A file that is not what it should be: which one, at which byte, and what is wrong. */
public final class MalformedFileException extends IOException {
  private static final long serialVersionUID = 1;

  MalformedFileException(Path file, String what) {
    super(file + ": " + what);
  }

  MalformedFileException(Path file, long offset, String what) {
    super("%s, byte %d: %s".formatted(file, offset, what));
  }

  MalformedFileException(Path file, String what, Throwable cause) {
    super("%s: %s".formatted(file, what), cause);
  }
}

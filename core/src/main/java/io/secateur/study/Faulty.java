package io.secateur.study;

import io.secateur.plugin.JarCode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** What a user is told of something thrown. */
final class Faulty {
  private Faulty() {}

  /** Returns the first line of the message, or the type where there is none. */
  static String message(Throwable thrown) {
    if (thrown instanceof FileSystemException file && file.getReason() == null) {
      // Its message is the file's name alone.
      String fault =
          thrown instanceof NoSuchFileException
              ? "is not there"
              : thrown.getClass().getSimpleName();
      return "%s: %s"
          .formatted(
              file.getFile(),
              thrown instanceof AccessDeniedException ? "permission denied" : fault);
    }
    String message = thrown.getMessage();
    if (message == null || message.isBlank()) {
      return thrown.getClass().getSimpleName();
    }
    return message.lines().findFirst().orElse("").strip();
  }

  /** Returns the message, led by the type where the message alone would not explain. */
  static String sentence(Throwable thrown) {
    boolean speaks =
        thrown instanceof IllegalArgumentException
            || thrown instanceof IllegalStateException
            || thrown instanceof IOException
            || thrown instanceof UncheckedIOException
            || thrown.getClass().getName().startsWith("io.secateur.");
    // Of what a plugin's author did not foresee, they want to know where.
    String sentence = speaks && !isEmpty(thrown) ? message(thrown) : named(thrown);
    return speaks
        ? sentence
        : sentence + JarCode.behind(thrown).map(where -> " (in " + where + ")").orElse("");
  }

  /** Returns the type and the message, if there is one. */
  static String named(Throwable thrown) {
    String type = thrown.getClass().getSimpleName();
    return isEmpty(thrown) ? type : type + ": " + message(thrown);
  }

  private static boolean isEmpty(Throwable thrown) {
    String message = thrown.getMessage();
    return message == null || message.isBlank();
  }
}

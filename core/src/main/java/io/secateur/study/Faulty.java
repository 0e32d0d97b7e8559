package io.secateur.study;

import java.io.IOException;
import java.io.UncheckedIOException;

/** What a user is told of something thrown. */
final class Faulty {
  private Faulty() {}

  /** Returns the first line of the message, or the type where there is none. */
  static String message(Throwable thrown) {
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
    String message = thrown.getMessage();
    if (message == null || message.isBlank()) {
      return thrown.getClass().getSimpleName();
    }
    return speaks ? message(thrown) : thrown.getClass().getSimpleName() + ": " + message(thrown);
  }
}

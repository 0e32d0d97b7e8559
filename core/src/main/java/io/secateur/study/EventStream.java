package io.secateur.study;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/**
 * Events as text: a record separator, JSON, a line feed (RFC 7464). What natives print into the
 * same stream stands before a separator, and is not taken for an event.
 */
final class EventStream {
  private static final char SEPARATOR = '\u001e';

  private final OutputStream out;

  EventStream(OutputStream out) {
    this.out = out;
  }

  /** Writes an event in one piece; throws when nobody reads any more. */
  synchronized void send(Event event) {
    String line = SEPARATOR + Json.line(event) + "\n";
    try {
      out.write(line.getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the event in a line, if there is one. */
  static Optional<Event> read(String line) {
    int start = line.lastIndexOf(SEPARATOR);
    if (start < 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.read(line.substring(start + 1), Event.class));
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }
}

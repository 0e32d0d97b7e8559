package io.secateur.plugin;

/**
 * A mistake in what a user wrote, and where it stands.
 *
 * @param message what was asked, what is wrong, what would be right, in one line
 * @param source the file, or the option of the command line
 * @param line from 1
 * @param column from 1
 */
public record Fault(String message, String source, int line, int column) {
  /** Returns {@code source:line:column: message}, as compilers print it. */
  @Override
  public String toString() {
    return source + ":" + line + ":" + column + ": " + message;
  }
}

package io.secateur.model;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A file that is not what it should be: which one, where in it, and what is wrong, on one line.
 * Whoever gave the file is told that sentence, and the command line ends with exit code 2.
 */
public final class MalformedFileException extends IOException {
  private static final long serialVersionUID = 1;

  /** What a damaged file holds may stand in a message, and may be of any length. */
  private static final int LONGEST = 900;

  /**
   * A fault.
   *
   * @param place the file, and where in it: {@code houses.csv:3}, {@code images.zip!cat/1.png}
   * @param what what is wrong, and what would be right
   */
  public MalformedFileException(String place, String what) {
    super(onOneLine(place) + ": " + onOneLine(what));
  }

  /** A fault that something else has told of. */
  public MalformedFileException(String place, String what, Throwable cause) {
    super(onOneLine(place) + ": " + onOneLine(what), cause);
  }

  MalformedFileException(Path file, String what) {
    this(file.toString(), what);
  }

  MalformedFileException(Path file, long offset, String what) {
    this("%s, byte %d".formatted(file, offset), what);
  }

  MalformedFileException(Path file, String what, Throwable cause) {
    this(file.toString(), what, cause);
  }

  /** Shows control characters as what stands for them in a program's text. */
  private static String onOneLine(String text) {
    StringBuilder line = new StringBuilder();
    for (int point : text.codePoints().toArray()) {
      if (line.length() > LONGEST) {
        return line.append("…").toString();
      }
      if (point == '\n') {
        line.append("\\n");
      } else if (isShown(point)) {
        line.appendCodePoint(point);
      } else {
        line.append("\\u%04x".formatted(point));
      }
    }
    return line.toString();
  }

  private static boolean isShown(int point) {
    int type = Character.getType(point);
    return type != Character.CONTROL
        && type != Character.LINE_SEPARATOR
        && type != Character.PARAGRAPH_SEPARATOR
        && type != Character.SURROGATE;
  }
}

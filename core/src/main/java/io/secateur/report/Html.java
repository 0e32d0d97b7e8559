package io.secateur.report;

import java.util.ArrayDeque;
import java.util.Deque;

/** Writes HTML that is XML too: every element closed, everything from outside escaped. */
final class Html {
  private final StringBuilder text = new StringBuilder();
  private final Deque<String> open = new ArrayDeque<>();

  /** Opens an element; attributes are names and values in turn. */
  Html open(String tag, String... attributes) {
    start(tag, attributes);
    text.append('>');
    open.push(tag);
    return this;
  }

  /** Closes the innermost open element, and ends the line. */
  Html close() {
    text.append("</").append(open.pop()).append(">\n");
    return this;
  }

  /** Writes an element that has no content. */
  Html empty(String tag, String... attributes) {
    start(tag, attributes);
    text.append("/>\n");
    return this;
  }

  private void start(String tag, String... attributes) {
    text.append('<').append(tag);
    for (int i = 0; i < attributes.length; i += 2) {
      text.append(' ').append(attributes[i]).append("=\"");
      text.append(escaped(attributes[i + 1])).append('"');
    }
  }

  /** Writes text. */
  Html text(String content) {
    text.append(escaped(content));
    return this;
  }

  /** Writes an element that holds text alone. */
  Html element(String tag, String content, String... attributes) {
    return open(tag, attributes).text(content).close();
  }

  /** Writes what is markup already. */
  Html markup(String content) {
    text.append(content);
    return this;
  }

  @Override
  public String toString() {
    if (!open.isEmpty()) {
      throw new IllegalStateException("elements left open: " + open);
    }
    return text.toString();
  }

  /**
   * Returns text as it may stand in content or in an attribute; what XML forbids becomes U+FFFD.
   */
  static String escaped(String content) {
    StringBuilder safe = new StringBuilder();
    content
        .codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                default -> safe.appendCodePoint(c);
              }
            });
    return legal(safe.toString());
  }

  /** Returns text with U+FFFD for every character that XML forbids. */
  static String legal(String content) {
    StringBuilder safe = new StringBuilder();
    content.codePoints().forEach(c -> safe.appendCodePoint(allowed(c) ? c : 0xFFFD));
    return safe.toString();
  }

  private static boolean allowed(int c) {
    return c == '\t'
        || c == '\n'
        || c == '\r'
        || (c >= 0x20 && c <= 0xD7FF)
        || (c >= 0xE000 && c <= 0xFFFD)
        || c >= 0x10000;
  }
}

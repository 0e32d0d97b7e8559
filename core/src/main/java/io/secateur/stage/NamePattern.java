package io.secateur.stage;

import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A pattern that whole parameter names match or do not: {@code *} stands for any characters, {@code
 * ?} for one, all else for itself.
 */
public record NamePattern(String text) {
  /** Refuses an empty text. */
  public NamePattern {
    if (text.isBlank()) {
      throw new IllegalArgumentException(
          "a name pattern must not be empty; write a name, or * for any part of it");
    }
  }

  /** Returns how many characters stand for themselves: the more, the more exactly it names. */
  int exactness() {
    return (int) text.chars().filter(c -> c != '*' && c != '?').count();
  }

  /** Returns whether the whole name matches. */
  public boolean matches(String name) {
    String expression =
        text.chars()
            .mapToObj(c -> c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(Character.toString(c)))
            .collect(Collectors.joining());
    return Pattern.matches(expression, name);
  }
}

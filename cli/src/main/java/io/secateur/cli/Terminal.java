package io.secateur.cli;

import java.io.Console;
import java.util.Objects;
import java.util.Optional;

/** Whether somebody looks on, and how wide their window is. */
final class Terminal {
  private Terminal() {}

  /** Returns whether input and output are a terminal that can redraw a line. */
  static boolean isThere() {
    boolean dumb = Objects.requireNonNullElse(System.getenv("TERM"), "dumb").equals("dumb");
    return !dumb && Optional.ofNullable(System.console()).map(Terminal::isTerminal).orElse(false);
  }

  /** From Java 22 on there may be a console without a terminal, and it says so. */
  private static boolean isTerminal(Console console) {
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns how many characters a line of results may have: without a terminal, any number. */
  static int width() {
    if (!isThere()) {
      return Integer.MAX_VALUE;
    }
    String columns = Objects.requireNonNullElse(System.getenv("COLUMNS"), "");
    return columns.matches("[1-9]\\d{1,3}")
        ? Math.max(Layout.WIDTH, Integer.parseInt(columns))
        : Layout.WIDTH;
  }
}

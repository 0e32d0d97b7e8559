package io.secateur.report;

import java.util.List;
import java.util.stream.Collectors;

/** Comma-separated lines as RFC 4180 has them, but with a line feed only. */
final class Csv {
  private final StringBuilder text = new StringBuilder();

  Csv line(List<String> cells) {
    text.append(cells.stream().map(Csv::cell).collect(Collectors.joining(","))).append('\n');
    return this;
  }

  private static String cell(String value) {
    boolean quoted = value.chars().anyMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return quoted ? '"' + value.replace("\"", "\"\"") + '"' : value;
  }

  /** Writes a number so that it reads back as the same; whole ones without a point. */
  static String number(double value) {
    boolean whole = value == Math.rint(value) && Math.abs(value) < 1L << 53;
    return whole ? Long.toString((long) value) : Double.toString(value);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}

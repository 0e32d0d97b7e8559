package io.secateur.cli;

import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Lays text out for a terminal 80 characters wide. */
final class Layout {
  static final int WIDTH = 80;

  private Layout() {}

  /**
   * Returns a table without borders. A column whose heading ends with {@code >} is aligned to the
   * right.
   */
  static String table(List<String> headings, List<List<String>> rows) {
    Column[] columns =
        headings.stream()
            .map(
                heading -> {
                  boolean right = heading.endsWith(">");
                  HorizontalAlign align = right ? HorizontalAlign.RIGHT : HorizontalAlign.LEFT;
                  String name = right ? heading.substring(0, heading.length() - 1) : heading;
                  return new Column()
                      .header(name)
                      .headerAlign(align)
                      .dataAlign(align)
                      .maxWidth(Integer.MAX_VALUE);
                })
            .toArray(Column[]::new);
    String[][] data = rows.stream().map(row -> row.toArray(String[]::new)).toArray(String[][]::new);
    return AsciiTable.builder()
        .border(AsciiTable.NO_BORDERS)
        .data(columns, data)
        .asString()
        .lines()
        .filter(line -> !line.isBlank())
        // Columns are padded on both sides.
        .map(line -> line.substring(1).stripTrailing())
        .collect(Collectors.joining(System.lineSeparator()));
  }

  /** Breaks text at blanks; its own line breaks stay. */
  static List<String> wrapped(String text, String indent, int width) {
    List<String> lines = new ArrayList<>();
    for (String paragraph : text.split("\n", -1)) {
      StringBuilder line = new StringBuilder(indent);
      for (String word : Arrays.asList(paragraph.strip().split("\\s+"))) {
        if (line.length() > indent.length() && line.length() + 1 + word.length() > width) {
          lines.add(line.toString());
          line = new StringBuilder(indent);
        }
        line.append(line.length() > indent.length() ? " " : "").append(word);
      }
      lines.add(line.toString().stripTrailing());
    }
    return lines;
  }

  /** Returns a count with thousands apart. */
  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** Returns a count of things: {@code 1 seed}, {@code 3 seeds}. */
  static String counted(int count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  /** Returns a measured number: counts whole, others with six significant digits. */
  static String number(double number) {
    if (number == Math.rint(number) && Math.abs(number) < 1e15) {
      return count((long) number);
    }
    return String.format(Locale.ROOT, "%.6g", number);
  }

  /** Returns bytes in the unit that suits, of 1000. */
  static String bytes(long bytes) {
    String[] units = {"B", "kB", "MB", "GB", "TB"};
    double size = bytes;
    int unit = 0;
    while (size >= 1000 && unit < units.length - 1) {
      size /= 1000;
      unit++;
    }
    return unit == 0
        ? bytes + " B"
        : String.format(Locale.ROOT, size < 10 ? "%.2f %s" : "%.1f %s", size, units[unit]);
  }

  /**
   * Returns a duration in the units that suit: {@code 0.4 s}, {@code 2 min 05 s}, {@code 1 h 20
   * min}.
   */
  static String duration(double seconds) {
    if (seconds < 59.95) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    return whole < 3600
        ? "%d min %02d s".formatted(whole / 60, whole % 60)
        : "%d h %02d min".formatted(whole / 3600, whole % 3600 / 60);
  }
}

package io.secateur.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a terminal shows of a report.
 *
 * @param columns headers of the main table, units included; the first two are arm and iteration
 * @param rows its rows, finished texts
 * @param sentences the findings in plain words
 * @param notes what did not finish or could not be drawn, a line each
 * @param closing a line for each part of the report that has a file of its own
 * @param page the HTML page
 */
public record Summary(
    List<String> columns,
    List<List<String>> rows,
    List<String> sentences,
    List<String> notes,
    List<String> closing,
    Path page) {
  private static final int LEAST_COLUMNS = 3;
  private static final String GAP = "  ";

  public Summary {
    columns = List.copyOf(columns);
    rows = rows.stream().map(List::copyOf).toList();
    sentences = List.copyOf(sentences);
    notes = List.copyOf(notes);
    closing = List.copyOf(closing);
  }

  /**
   * Returns the main table as plain text, headers broken into lines, in at most this many
   * characters a line; columns that do not fit are left out, and the last line says so. Names of
   * arms that would take more than half of a line stand above their rows instead.
   */
  public String table(int width) {
    List<List<String>> headers = new ArrayList<>();
    List<Integer> widths = new ArrayList<>();
    int used = 0;
    boolean above = rows.stream().anyMatch(row -> row.get(0).length() > width / 2);
    for (int column = 0; column < columns.size(); column++) {
      int at = column;
      int content =
          above && column == 0
              ? 0
              : rows.stream().mapToInt(row -> row.get(at).length()).max().orElse(0);
      List<String> header = broken(columns.get(column), content);
      int needed = Math.max(content, header.stream().mapToInt(String::length).max().orElse(0));
      int with = used + needed + (column == 0 ? 0 : GAP.length());
      if (with > width && column >= LEAST_COLUMNS) {
        break;
      }
      used = with;
      headers.add(header);
      widths.add(needed);
    }
    StringBuilder text = new StringBuilder();
    int lines = headers.stream().mapToInt(List::size).max().orElse(0);
    for (int line = 0; line < lines; line++) {
      List<String> cells = new ArrayList<>();
      for (List<String> header : headers) {
        int blank = lines - header.size();
        cells.add(line < blank ? "" : header.get(line - blank));
      }
      row(text, cells, widths);
    }
    row(text, widths.stream().map("-"::repeat).toList(), widths);
    String arm = "";
    for (List<String> cells : rows) {
      List<String> shown = new ArrayList<>(cells.subList(0, widths.size()));
      if (above) {
        text.append(shown.get(0).equals(arm) ? "" : shown.get(0) + "\n");
        arm = shown.set(0, "");
      }
      row(text, shown, widths);
    }
    int left = columns.size() - widths.size();
    if (left > 0) {
      text.append("(%s in table.md)\n".formatted(Words.count(left, "more column")));
    }
    return text.toString();
  }

  /** Breaks a header at spaces so that no line is longer than it must be. */
  private static List<String> broken(String header, int content) {
    List<String> words = List.of(header.split(" "));
    int longest = words.stream().mapToInt(String::length).max().orElse(0);
    int most = Math.max(content, longest);
    List<String> lines = new ArrayList<>();
    String line = "";
    for (String word : words) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > most) {
        lines.add(line);
        line = "";
      }
      line = line.isEmpty() ? word : line + " " + word;
    }
    lines.add(line);
    return lines;
  }

  private static void row(StringBuilder text, List<String> cells, List<Integer> widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < cells.size(); i++) {
      String padding = " ".repeat(Math.max(0, widths.get(i) - cells.get(i).length()));
      line.append(i == 0 ? "" : GAP);
      line.append(i == 0 ? cells.get(i) + padding : padding + cells.get(i));
    }
    text.append(line.toString().stripTrailing()).append('\n');
  }
}

package io.secateur.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A table of finished texts.
 *
 * @param title its heading
 * @param columns over every row
 * @param groups rows that belong together, under a heading of their own
 */
record Table(String title, List<Column> columns, List<Group> groups) {
  private static final int PADDING = 2;

  Table {
    columns = List.copyOf(columns);
    groups = List.copyOf(groups);
  }

  /**
   * A column's header.
   *
   * @param over what neighbours have in common, {@code Disk size (MB)}; empty for none
   */
  record Column(String over, String name) {
    Column(String name) {
      this("", name);
    }

    String title() {
      return over.isEmpty() ? name : over + ": " + name;
    }
  }

  /** Rows under one heading; in flat forms the heading is the first column. */
  record Group(String heading, List<List<String>> rows) {
    Group {
      rows = rows.stream().map(List::copyOf).toList();
    }
  }

  boolean isEmpty() {
    return groups.stream().allMatch(group -> group.rows().isEmpty());
  }

  /** Returns the headers of the flat form, the groups' own first unless no group has a heading. */
  List<String> header(String groupColumn) {
    List<String> header = new ArrayList<>();
    if (headed()) {
      header.add(groupColumn);
    }
    columns.forEach(column -> header.add(column.title()));
    return header;
  }

  /** Returns the rows of the flat form. */
  List<List<String>> rows() {
    List<List<String>> rows = new ArrayList<>();
    for (Group group : groups) {
      for (List<String> row : group.rows()) {
        List<String> flat = new ArrayList<>();
        if (headed()) {
          flat.add(group.heading());
        }
        flat.addAll(row);
        rows.add(flat);
      }
    }
    return rows;
  }

  /**
   * Returns it as tables below each other, each of about as many characters across at most; all
   * begin with the first column.
   */
  List<Table> split(int width) {
    List<Table> parts = new ArrayList<>();
    List<Integer> part = new ArrayList<>(List.of(0));
    int used = columns.isEmpty() ? 0 : across(0);
    for (int column = 1; column < columns.size(); column++) {
      int across = across(column);
      if (used + across > width && part.size() > 1) {
        parts.add(of(part));
        part = new ArrayList<>(List.of(0));
        used = across(0);
      }
      part.add(column);
      used += across;
    }
    parts.add(columns.isEmpty() ? this : of(part));
    return parts;
  }

  /** Headers are broken at spaces, cells are not. */
  private int across(int column) {
    int widest =
        Arrays.stream(columns.get(column).name().split(" "))
            .mapToInt(String::length)
            .max()
            .orElse(0);
    for (Group group : groups) {
      for (List<String> row : group.rows()) {
        widest = Math.max(widest, row.get(column).length());
      }
    }
    return widest + PADDING;
  }

  private Table of(List<Integer> chosen) {
    return new Table(
        title,
        chosen.stream().map(columns::get).toList(),
        groups.stream()
            .map(
                group ->
                    new Group(
                        group.heading(),
                        group.rows().stream()
                            .map(row -> chosen.stream().map(row::get).toList())
                            .toList()))
            .toList());
  }

  private boolean headed() {
    return groups.stream().anyMatch(group -> !group.heading().isEmpty());
  }

  /**
   * Returns it in Markdown, its first column to the left, numbers to the right; without its title.
   */
  String markdown(String groupColumn) {
    StringBuilder text = new StringBuilder();
    List<String> header = header(groupColumn);
    line(text, header);
    text.append("| :--- |").append(" ---: |".repeat(header.size() - 1)).append('\n');
    rows().forEach(row -> line(text, row));
    return text.toString();
  }

  private static void line(StringBuilder text, List<String> cells) {
    text.append('|');
    cells.forEach(cell -> text.append(' ').append(escaped(cell)).append(" |"));
    text.append('\n');
  }

  /** Keeps what a user named from being read as Markdown's own signs. */
  static String escaped(String text) {
    return text.replaceAll("[\\r\\n]+", " ")
        .replace("\\", "\\\\")
        .replace("|", "\\|")
        .replace("<", "&lt;")
        .replace("*", "\\*")
        .replace("_", "\\_")
        .replace("`", "\\`");
  }
}

package io.secateur.report;

import java.util.List;

/**
 * A part of a report that is written alike as HTML, as Markdown and as a file of its own.
 *
 * @param id its class in HTML, and its file's name without an ending
 * @param before paragraphs before the tables
 * @param after paragraphs behind them
 */
record Section(
    String id, String title, List<String> before, List<Table> tables, List<String> after) {
  Section {
    before = List.copyOf(before);
    tables = tables.stream().filter(table -> !table.isEmpty()).toList();
    after = List.copyOf(after);
  }

  boolean isEmpty() {
    return before.isEmpty() && tables.isEmpty() && after.isEmpty();
  }

  /**
   * Returns it in Markdown.
   *
   * @param level of its heading, 1 or 2
   */
  String markdown(int level) {
    StringBuilder text = new StringBuilder("#".repeat(level) + " " + title + "\n");
    before.forEach(each -> text.append('\n').append(Table.escaped(each)).append('\n'));
    for (Table table : tables) {
      text.append('\n').append("#".repeat(level + 1)).append(' ').append(table.title());
      text.append("\n\n").append(table.markdown("Compared"));
    }
    after.forEach(each -> text.append('\n').append(Table.escaped(each)).append('\n'));
    return text.toString();
  }
}

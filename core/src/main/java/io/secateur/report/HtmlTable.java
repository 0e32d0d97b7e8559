package io.secateur.report;

import io.secateur.report.Table.Column;
import io.secateur.report.Table.Group;
import java.util.List;

/** Writes tables as HTML, one that is too wide as several below each other. */
final class HtmlTable {
  private final Html html;
  private final int width;

  /**
   * Tables.
   *
   * @param width about how many characters a line has room for
   */
  HtmlTable(Html html, int width) {
    this.html = html;
    this.width = width;
  }

  void write(Table whole) {
    for (Table table : whole.split(width)) {
      html.open("div", "class", "scroll", "tabindex", "0").open("table");
      head(table.columns());
      table.groups().forEach(group -> rows(group, table.columns().size()));
      html.close().close();
    }
  }

  private void head(List<Column> columns) {
    html.open("thead").open("tr");
    boolean two = columns.stream().anyMatch(column -> !column.over().isEmpty());
    int i = 0;
    while (i < columns.size()) {
      int span = span(columns, i);
      Column column = columns.get(i);
      if (!column.over().isEmpty()) {
        html.element("th", column.over(), "colspan", Integer.toString(span), "class", "over");
      } else if (two) {
        html.element("th", column.name(), "rowspan", "2");
      } else {
        html.element("th", column.name());
      }
      i += span;
    }
    html.close();
    if (two) {
      html.open("tr");
      columns.stream()
          .filter(column -> !column.over().isEmpty())
          .forEach(column -> html.element("th", column.name()));
      html.close();
    }
    html.close();
  }

  private static int span(List<Column> columns, int from) {
    String over = columns.get(from).over();
    int to = from + 1;
    while (!over.isEmpty() && to < columns.size() && columns.get(to).over().equals(over)) {
      to++;
    }
    return to - from;
  }

  private void rows(Group group, int columns) {
    html.open("tbody");
    if (!group.heading().isEmpty()) {
      html.open("tr", "class", "group");
      html.element("th", group.heading(), "colspan", Integer.toString(columns)).close();
    }
    for (List<String> row : group.rows()) {
      html.open("tr");
      row.forEach(cell -> html.element("td", cell));
      html.close();
    }
    html.close();
  }
}

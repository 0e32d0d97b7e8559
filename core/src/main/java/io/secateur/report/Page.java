package io.secateur.report;

import io.secateur.report.Table.Column;
import io.secateur.report.Table.Group;
import io.secateur.study.RunInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The report as one page that needs nothing else: style and figures are inside. */
final class Page {
  private final Contents contents;
  private final RunInfo info;
  private final Html html = new Html();

  Page(Contents contents) {
    this.contents = contents;
    this.info = contents.info();
  }

  /** Returns the page. */
  String write() {
    html.open("html", "xmlns", "http://www.w3.org/1999/xhtml", "lang", "en").open("head");
    html.empty("meta", "charset", "utf-8");
    html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    html.element("title", info.study() + " – Secateur report");
    html.open("style").markup(style()).close().close();
    html.open("body").open("main");
    heading();
    failures();
    summary();
    figures();
    tables();
    new Provenance(html, contents).write();
    html.close().close().close();
    return "<!DOCTYPE html>\n" + html;
  }

  private static String style() {
    try (InputStream css = Page.class.getResourceAsStream("report.css")) {
      if (css == null) {
        throw new IllegalStateException("report.css is missing beside " + Page.class);
      }
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read report.css", e);
    }
  }

  private void heading() {
    html.open("header");
    html.element("h1", info.study());
    html.element(
        "p",
        "%s on %s, %s, %s %s"
            .formatted(
                Words.spaced(info.model()),
                Source.of(info.data()).name(),
                Words.count(info.arms().size(), "arm"),
                info.seeds().size() == 1 ? "seed" : "seeds",
                Words.list(info.seeds())),
        "class",
        "lead");
    html.close();
  }

  private void failures() {
    if (info.failures().isEmpty()) {
      return;
    }
    html.open("section", "class", "warning");
    html.element("h2", "Not everything finished");
    html.open("ul");
    for (RunInfo.Failure failure : info.failures()) {
      html.element("li", Contents.line(failure));
    }
    html.close().close();
  }

  private void summary() {
    html.open("section", "class", "summary").element("h2", "In short");
    list(contents.sentences());
    html.close();
  }

  private void list(List<String> sentences) {
    if (!sentences.isEmpty()) {
      html.open("ul");
      sentences.forEach(sentence -> html.element("li", Words.tied(sentence)));
      html.close();
    }
  }

  private void figures() {
    if (contents.svg().isEmpty() && contents.skipped().isEmpty()) {
      return;
    }
    html.open("section").element("h2", "Figures");
    int number = 0;
    for (Map.Entry<Figure, String> figure : contents.svg().entrySet()) {
      number++;
      String caption = "Figure %d. %s".formatted(number, figure.getKey().caption());
      html.open("figure").markup(figure.getValue());
      html.element("figcaption", caption).close();
    }
    contents.skipped().forEach(line -> html.element("p", line, "class", "note"));
    html.close();
  }

  private void tables() {
    contents
        .sweep()
        .ifPresent(
            table -> {
              html.open("section").element("h2", table.title());
              table(table);
              html.close();
            });
    html.open("section").element("h2", contents.main().title());
    table(contents.main());
    html.element("p", contents.howToRead(), "class", "note");
    html.close();
    contents.sections().forEach(this::section);
    for (Table table : contents.others()) {
      if (!table.isEmpty()) {
        html.open("section").element("h2", table.title());
        table(table);
        html.close();
      }
    }
    html.open("section").element("h2", "Layer by layer");
    html.element(
        "p",
        contents.layers().isEmpty() ? "No stage of this run pruned." : LayerTables.READING,
        "class",
        "note");
    contents.layers().values().forEach(table -> folded(table.title() + ": each prune", table));
    if (!contents.quantized().isEmpty()) {
      html.element("p", QuantizeTables.READING, "class", "note");
      folded(contents.quantized().title(), contents.quantized());
    }
    if (!contents.training().isEmpty()) {
      folded("Training, epoch by epoch", contents.training());
    }
    html.close();
  }

  private void section(Section section) {
    html.open("section", "class", section.id()).element("h2", section.title());
    section.before().forEach(text -> html.element("p", Words.tied(text)));
    for (Table table : section.tables()) {
      html.element("h3", table.title());
      table(table);
    }
    section.after().forEach(text -> html.element("p", text, "class", "note"));
    html.close();
  }

  private void folded(String title, Table table) {
    html.open("details").element("summary", title);
    table(table);
    html.close();
  }

  private void table(Table table) {
    html.open("div", "class", "scroll").open("table").open("thead").open("tr");
    List<Column> columns = table.columns();
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
    table.groups().forEach(group -> rows(group, columns.size()));
    html.close().close();
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

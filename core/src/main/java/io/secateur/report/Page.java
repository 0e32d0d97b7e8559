package io.secateur.report;

import io.secateur.study.Manuscript;
import io.secateur.study.RunInfo;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The report as one page that needs nothing else: style and figures are inside. A browser shows it
 * on screens of any width; laid out for paper, it is what a PDF is made of.
 */
final class Page {
  private static final Pattern VIEW_BOX = Pattern.compile("viewBox=\"0 0 (\\d+) (\\d+)\"");

  /** In millimetres. */
  private static final double WIDEST = 165;

  private static final double HIGHEST = 225;

  /** Where the page is read. */
  enum Medium {
    SCREEN("report.css", 125),
    PAPER("print.css", 108);

    private final String style;
    private final int tableWidth;

    Medium(String style, int tableWidth) {
      this.style = style;
      this.tableWidth = tableWidth;
    }
  }

  private final Contents contents;
  private final RunInfo info;
  private final Manuscript manuscript;
  private final Medium medium;
  private final Html html = new Html();
  private final HtmlTable tables;
  private final List<Entry> entries = new ArrayList<>();

  Page(Contents contents, Medium medium) {
    this.contents = contents;
    this.info = contents.info();
    this.manuscript = contents.manuscript();
    this.medium = medium;
    this.tables = new HtmlTable(html, medium.tableWidth);
  }

  /** A line of the table of contents. */
  private record Entry(String id, String title) {}

  /** Returns the page. */
  String write() {
    body();
    Html page = new Html();
    page.open("html", "xmlns", "http://www.w3.org/1999/xhtml", "lang", "en").open("head");
    page.empty("meta", "charset", "utf-8");
    page.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
    // Whatever a study holds, its report runs nothing and loads nothing.
    page.empty(
        "meta",
        "http-equiv",
        "Content-Security-Policy",
        "content",
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:");
    page.element("title", title() + " – Secateur report");
    manuscript.authors().forEach(a -> page.empty("meta", "name", "author", "content", a));
    page.open("style").markup(style()).close().close();
    page.open("body").open("main");
    heading(page);
    page.markup(html.toString());
    page.close().close().close();
    return "<!DOCTYPE html>\n" + page;
  }

  private String title() {
    return manuscript.title().isBlank() ? info.study() : manuscript.title();
  }

  private String style() {
    try (InputStream css = Page.class.getResourceAsStream(medium.style)) {
      if (css == null) {
        throw new IllegalStateException(medium.style + " is missing beside " + Page.class);
      }
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + medium.style, e);
    }
  }

  private void heading(Html page) {
    page.open("header");
    page.element("h1", title());
    if (!manuscript.authors().isEmpty()) {
      page.element("p", Words.list(manuscript.authors()), "class", "authors");
    }
    page.element(
        "p",
        "%s%s on %s, %s, %s %s"
            .formatted(
                manuscript.title().isBlank() ? "" : info.study() + ": ",
                Words.spaced(info.model()),
                Source.of(info.data()).name(),
                Words.count(info.arms().size(), "arm"),
                info.seeds().size() == 1 ? "seed" : "seeds",
                Words.list(info.seeds())),
        "class",
        "lead");
    page.close();
    page.open("nav", "aria-label", "Contents").element("h2", "Contents").open("ol");
    for (Entry entry : entries) {
      page.open("li").element("a", entry.title(), "href", "#" + entry.id()).close();
    }
    page.close().close();
  }

  /** Writes a part with a heading, which the contents name. */
  private void section(String id, String title, String style, Runnable content) {
    entries.add(new Entry(id, title));
    html.open("section", "id", id, "class", style).element("h2", title);
    content.run();
    html.close();
  }

  private void body() {
    failures();
    said("abstract");
    section("summary", "In short", "summary", () -> list(contents.sentences()));
    said("introduction");
    said("background");
    said("method");
    contents.sections().forEach(this::section);
    said("results");
    figures();
    tables();
    layers();
    said("discussion");
    said("limitations");
    said("conclusion");
    if (!manuscript.contributions().isBlank()) {
      prose("contributions", "Who did what", manuscript.contributions());
    }
    said("acknowledgements");
    said("references");
    Provenance provenance = new Provenance(html, contents);
    section("meanings", "What the numbers mean", "meanings", provenance::meanings);
    section("provenance", "Where they come from", "provenance", provenance::runs);
    section("reproduce", "How to get them again", "reproduce", provenance::reproduce);
    provenance.files();
  }

  private void failures() {
    if (!info.failures().isEmpty()) {
      section(
          "failures",
          "Not everything finished",
          "warning",
          () -> list(info.failures().stream().map(Contents::line).toList()));
    }
  }

  private void said(String name) {
    String text = manuscript.text().getOrDefault(name, "");
    if (!text.isBlank()) {
      prose(name, name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1), text);
    }
  }

  private void prose(String id, String title, String text) {
    section(id, title, "prose", () -> html.markup(Prose.html(text, 2)));
  }

  private void section(Section section) {
    section(
        section.id(),
        section.title(),
        "claim",
        () -> {
          section.before().forEach(text -> html.element("p", Words.tied(text)));
          section.tables().forEach(this::headed);
          section.after().forEach(text -> html.element("p", text, "class", "note"));
        });
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
    section(
        "figures",
        "Figures",
        "figures",
        () -> {
          int number = 0;
          for (Map.Entry<Figure, String> drawn : contents.svg().entrySet()) {
            number++;
            Figure figure = drawn.getKey();
            html.open(
                "figure",
                "id",
                "figure-" + figure.id(),
                "class",
                figure.picture() ? "picture" : "chart");
            html.open("div", "class", "scroll").markup(sized(drawn.getValue())).close();
            html.element("figcaption", "Figure %d. %s".formatted(number, figure.caption())).close();
          }
          contents.skipped().forEach(line -> html.element("p", line, "class", "note"));
        });
  }

  /** On paper a figure is as wide as leaves room for two on a page, whatever its units are. */
  private String sized(String svg) {
    Matcher box = VIEW_BOX.matcher(svg);
    if (medium == Medium.SCREEN || !box.find()) {
      return svg;
    }
    double width = Double.parseDouble(box.group(1));
    double height = Double.parseDouble(box.group(2));
    double scale = Math.min(WIDEST / width, HIGHEST / height);
    String style =
        String.format(
            Locale.ROOT, "style=\"width:%.1fmm;height:%.1fmm\" ", scale * width, scale * height);
    return svg.replaceFirst("<svg ", "<svg " + style);
  }

  private void tables() {
    contents
        .sweep()
        .ifPresent(table -> section("sweep", table.title(), "table", () -> tables.write(table)));
    section(
        "table",
        contents.main().title(),
        "table",
        () -> {
          tables.write(contents.main());
          html.element("p", contents.howToRead(), "class", "note");
        });
    if (!contents.fronts().isEmpty()) {
      section(
          "pareto",
          "Which models to choose from",
          "table",
          () -> {
            contents.fronts().forEach(this::headed);
            html.element("p", Pareto.READING, "class", "note");
          });
    }
    int number = 0;
    for (Table table : contents.others()) {
      number++;
      if (!table.isEmpty()) {
        section("table-" + number, table.title(), "table", () -> tables.write(table));
      }
    }
  }

  private void headed(Table table) {
    if (!table.isEmpty()) {
      if (!table.title().isEmpty()) {
        html.element("h3", table.title());
      }
      tables.write(table);
    }
  }

  /** Each prune of each arm is too long for paper, on which nothing can be folded. */
  private void layers() {
    section(
        "layers",
        "Layer by layer",
        "layers",
        () -> {
          boolean none = contents.layers().isEmpty();
          if (medium == Medium.PAPER) {
            String text = none ? "No stage of this run pruned." : "layers.md has each prune.";
            html.element("p", text, "class", "note");
            return;
          }
          html.element(
              "p", none ? "No stage of this run pruned." : LayerTables.READING, "class", "note");
          contents
              .layers()
              .values()
              .forEach(table -> folded(table.title() + ": each prune", table));
          if (!contents.quantized().isEmpty()) {
            html.element("p", QuantizeTables.READING, "class", "note");
            folded(contents.quantized().title(), contents.quantized());
          }
          if (!contents.training().isEmpty()) {
            folded("Training, epoch by epoch", contents.training());
          }
        });
  }

  private void folded(String title, Table table) {
    html.open("details").element("summary", title);
    tables.write(table);
    html.close();
  }
}

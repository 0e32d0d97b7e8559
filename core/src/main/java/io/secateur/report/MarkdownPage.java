package io.secateur.report;

import io.secateur.study.Manuscript;
import io.secateur.study.RunInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The tables and the findings in Markdown, for a repository or a paper's draft. */
final class MarkdownPage {
  private final Contents contents;
  private final Manuscript manuscript;
  private final StringBuilder text = new StringBuilder();

  MarkdownPage(Contents contents) {
    this.contents = contents;
    this.manuscript = contents.manuscript();
  }

  /** Returns what was found and the tables, without what the study's authors say. */
  String tables() {
    RunInfo info = contents.info();
    text.append("# ").append(Table.escaped(info.study())).append("\n\n");
    findings();
    claims();
    numbers();
    figures();
    origin();
    return text.toString();
  }

  /** Returns the whole report, with what its authors say where it belongs. */
  String report() {
    RunInfo info = contents.info();
    String title = manuscript.title().isBlank() ? info.study() : manuscript.title();
    text.append("# ").append(Table.escaped(title)).append("\n\n");
    if (!manuscript.authors().isEmpty()) {
      text.append(Table.escaped(Words.list(manuscript.authors()))).append("\n\n");
    }
    said("abstract");
    heading("In short");
    findings();
    said("introduction");
    said("background");
    said("method");
    claims();
    said("results");
    figures();
    numbers();
    said("discussion");
    said("limitations");
    said("conclusion");
    prose("Who did what", manuscript.contributions());
    said("acknowledgements");
    said("references");
    heading("Where the numbers come from");
    origin();
    for (RunInfo run : contents.runs()) {
      text.append("\nThe study file of ").append(Table.escaped(run.study())).append(":\n\n");
      run.text().lines().forEach(line -> text.append("    ").append(line).append('\n'));
    }
    return text.toString();
  }

  private void heading(String title) {
    boolean first = text.toString().endsWith("\n\n");
    text.append(first ? "" : "\n").append("## ").append(title).append("\n\n");
  }

  private void said(String section) {
    prose(
        section.substring(0, 1).toUpperCase(Locale.ROOT) + section.substring(1),
        manuscript.text().getOrDefault(section, ""));
  }

  private void prose(String title, String markdown) {
    if (!markdown.isBlank()) {
      heading(title);
      text.append(Prose.markdown(markdown, 2));
    }
  }

  private void findings() {
    contents.sentences().forEach(this::item);
    for (RunInfo.Failure failure : contents.info().failures()) {
      item("Did not finish: " + Contents.line(failure));
    }
  }

  private void claims() {
    contents.sections().forEach(section -> text.append('\n').append(section.markdown(2)));
  }

  private void numbers() {
    List<Table> tables = new ArrayList<>();
    contents.sweep().ifPresent(tables::add);
    tables.add(contents.main());
    tables.addAll(contents.fronts());
    tables.addAll(contents.others());
    for (Table table : tables) {
      if (!table.isEmpty()) {
        text.append("\n## ").append(table.title()).append("\n\n").append(table.markdown("Arm"));
      }
    }
    text.append('\n').append(contents.howToRead()).append('\n');
    if (contents.quantities().stream().anyMatch(q -> q.name().equals("disk-size/coo"))) {
      text.append('\n').append(Glossary.COO).append('\n');
    }
    contents.notes().forEach(note -> text.append('\n').append(Table.escaped(note)).append('\n'));
  }

  private void origin() {
    contents.runs().forEach(this::origin);
  }

  private void origin(RunInfo info) {
    RunInfo.Machine machine = info.machine();
    String of = contents.runs().size() > 1 ? info.study() + ": " : "";
    text.append(
        "\n%sModel: %s. Data: %s.\n"
            .formatted(
                Table.escaped(of),
                Table.escaped(Words.spaced(info.model())),
                Table.escaped(Source.of(info.data()).inShort())));
    text.append(
        "\nMachine: %s, %s, %s; Java %s; DJL %s, libtorch %s; %s, %s.\n"
            .formatted(
                Table.escaped(machine.processor()),
                Words.count(machine.cores(), "logical core"),
                Table.escaped(machine.system()),
                Table.escaped(machine.jvm()),
                machine.djl(),
                machine.libtorch(),
                machine.device(),
                Words.count(info.threads(), "thread")));
  }

  private void figures() {
    if (contents.svg().isEmpty() && contents.skipped().isEmpty()) {
      return;
    }
    text.append("\n## Figures\n");
    int number = 0;
    for (Figure figure : contents.svg().keySet()) {
      number++;
      text.append(
          "\n![%s](figures/%s.svg)\n\nFigure %d. %s\n"
              .formatted(
                  Table.escaped(figure.alt()).replace("[", "\\[").replace("]", "\\]"),
                  figure.id(),
                  number,
                  Table.escaped(figure.caption())));
    }
    contents.skipped().forEach(line -> text.append('\n').append(Table.escaped(line)).append('\n'));
  }

  private void item(String sentence) {
    text.append("- ").append(Table.escaped(sentence)).append('\n');
  }
}

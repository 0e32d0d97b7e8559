package io.secateur.report;

import io.secateur.study.RunInfo;
import java.util.ArrayList;
import java.util.List;

/** The tables and the findings in Markdown, for a repository or a paper's draft. */
final class MarkdownPage {
  private final Contents contents;

  MarkdownPage(Contents contents) {
    this.contents = contents;
  }

  String write() {
    RunInfo info = contents.info();
    StringBuilder text = new StringBuilder("# " + Table.escaped(info.study()) + "\n\n");
    contents.sentences().forEach(sentence -> item(text, sentence));
    for (RunInfo.Failure failure : info.failures()) {
      item(text, "Did not finish: " + Contents.line(failure));
    }
    List<Table> tables = new ArrayList<>();
    contents.sweep().ifPresent(tables::add);
    tables.add(contents.main());
    tables.addAll(contents.others());
    for (Table table : tables) {
      if (!table.isEmpty()) {
        text.append("\n## ").append(table.title()).append("\n\n").append(table.markdown("Arm"));
      }
    }
    text.append('\n').append(contents.howToRead()).append('\n');
    contents.sections().forEach(section -> text.append('\n').append(section.markdown(2)));
    if (contents.quantities().stream().anyMatch(q -> q.name().equals("disk-size/coo"))) {
      text.append('\n').append(Glossary.COO).append('\n');
    }
    figures(text);
    contents.notes().forEach(note -> text.append('\n').append(Table.escaped(note)).append('\n'));
    text.append(
        "\nModel: %s. Data: %s.\n"
            .formatted(
                Table.escaped(Words.spaced(info.model())),
                Table.escaped(Source.of(info.data()).inShort())));
    RunInfo.Machine machine = info.machine();
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
    return text.toString();
  }

  private void figures(StringBuilder text) {
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
                  Table.escaped(figure.title()),
                  figure.id(),
                  number,
                  Table.escaped(figure.caption())));
    }
    contents.skipped().forEach(line -> text.append('\n').append(Table.escaped(line)).append('\n'));
  }

  private static void item(StringBuilder text, String sentence) {
    text.append("- ").append(Table.escaped(sentence)).append('\n');
  }
}

package io.secateur.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.secateur.plugin.Catalogs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManuscriptTest {
  private static final Catalogs CATALOGS = Catalogs.load(List.of());

  private static final String STUDY =
      """
      study: small
      data: digits
      model: ffn
      pipeline: [train]
      measure: [accuracy]
      report: %s
      """;

  @TempDir private Path folder = Path.of("");

  private Study read(String report) throws IOException {
    Path file = Files.writeString(folder.resolve("study.yaml"), STUDY.formatted(report));
    return StudyFile.read(file, List.of(), CATALOGS);
  }

  @Test
  void isReadFromTheReportInTheOrderOfItsSections() throws IOException {
    Manuscript said =
        read("""
                {title: Less, authors: [Ada, Grace], contributions: all of it,
                 text: {discussion: "It *is* ${so}.", introduction: "Why"}}""")
            .manuscript();

    assertThat(said.title()).isEqualTo("Less");
    assertThat(said.authors()).containsExactly("Ada", "Grace");
    assertThat(said.contributions()).isEqualTo("all of it");
    assertThat(said.text().keySet()).containsExactly("introduction", "discussion");
    assertThat(said.text()).containsEntry("discussion", "It *is* ${so}.");
    assertThat(read("{authors: Ada}").manuscript().authors()).containsExactly("Ada");
    assertThat(read("{}").manuscript()).isEqualTo(Manuscript.NONE);
  }

  @Test
  void isKeptWhateverBecomesOfItsFiles() throws IOException {
    String text = "A \"quoted\" word,\n\n- a: list: # with signs\n";
    Files.writeString(folder.resolve("why.md"), text);

    Study study = read("\n  text:\n    introduction: why.md\n    results: see why.md");
    Files.delete(folder.resolve("why.md"));

    assertThat(study.manuscript().text())
        .containsEntry("introduction", text)
        .containsEntry("results", "see why.md");
    assertThat(StudyFile.parse("kept", study.text(), List.of(), CATALOGS).manuscript())
        .isEqualTo(study.manuscript());
  }

  @Test
  void mayBeOneFileWithAHeadingPerSection() throws IOException {
    Files.writeString(
        folder.resolve("all.md"),
        "First.\n# Discussion\nSecond.\n```\n# no heading\n```\n## Below\n# Conclusion\n");

    assertThat(read("{text: all.md}").manuscript().text())
        .containsOnlyKeys("introduction", "discussion")
        .containsEntry("introduction", "First.\n")
        .containsEntry("discussion", "Second.\n```\n# no heading\n```\n## Below\n");
  }

  @Test
  void saysWhereItsFaultsAre() throws IOException {
    Files.writeString(folder.resolve("odd.md"), "# Methods\nx\n");

    assertThatThrownBy(() -> read("{text: {discusion: x}, authors: [{a: b}]}"))
        .hasMessageContaining(
            "study.yaml:6:17: a report's text has no section 'discusion'. Did you mean"
                + " 'discussion'? It has: abstract, introduction,")
        .hasMessageContaining("study.yaml:6:42: expected text");
    assertThatThrownBy(() -> read("{text: odd.md}"))
        .hasMessageContaining(
            "6:16: a report's text has no section 'methods'. Did you mean 'method'?");
    assertThatThrownBy(() -> read("{text: {results: none.md}}"))
        .hasMessageContaining("6:26: there is no file ")
        .hasMessageContaining("none.md with the report's text");
    assertThatThrownBy(() -> read("{text: words}"))
        .hasMessageContaining("expected Markdown by section");
  }

  @Test
  void entersNoKey() {
    Plan plain = Lab.plan(Lab.study("pipeline: [train]", "measure: [total]"));
    Plan said =
        Lab.plan(
            Lab.study(
                "pipeline: [train]",
                "measure: [total]",
                "report: {title: Less, text: {results: x}}"));

    assertThat(said.study().manuscript().title()).isEqualTo("Less");
    assertThat(said.byKey().keySet()).isEqualTo(plain.byKey().keySet());
  }

  @Test
  void liesInTheFolderOfARunWhereThereIsAny() throws IOException {
    Manuscript said = read("{title: Less, text: {results: x}}").manuscript();

    said.write(folder);
    assertThat(Manuscript.read(folder)).isEqualTo(said);

    Manuscript.NONE.write(folder);
    assertThat(folder.resolve("manuscript.json")).doesNotExist();
    assertThat(Manuscript.read(folder)).isEqualTo(Manuscript.NONE);

    Files.writeString(folder.resolve("manuscript.json"), "{");
    assertThatThrownBy(() -> Manuscript.read(folder))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("manuscript.json is damaged");
  }
}

package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.text.PDFTextStripper;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManuscriptPageTest {
  @TempDir static Path folder;

  @BeforeAll
  static void writeOne() throws IOException {
    new RunFixture().figures("sparsity-accuracy").untimed().filled().writeTo(folder);
    Files.writeString(
        folder.resolve("manuscript.json"),
        """
        {"title": "A <title>", "authors": ["Ada", "Grace"], "contributions": "Ada *did* it.",
         "text": {"discussion": "It <script>alert(1)</script> holds.", "abstract": "We prune."}}
        """);
    Report.writeWithPdf(folder);
  }

  @Test
  void showsWhatAuthorsSayWhereItBelongs() throws IOException {
    String page = Files.readString(folder.resolve("report.html"));

    assertThat(page)
        .contains("<h1>A &lt;title&gt;</h1>", "Ada and Grace", "Ada <em>did</em> it.")
        .doesNotContain("<script");
    assertThat(page).containsSubsequence("We prune.", "In short", "<figure", "holds.");
    assertThat(Files.readString(folder.resolve("report.md")))
        .startsWith("# A &lt;title>\n\nAda and Grace\n\n## Abstract\n\nWe prune.\n")
        .contains("## Who did what\n\nAda *did* it.\n");
    assertThat(Files.readString(folder.resolve("table.md"))).doesNotContain("Grace");
  }

  @Test
  void namesEverySectionInTheContents() throws IOException {
    String page = Files.readString(folder.resolve("report.html"));

    for (String id : new String[] {"abstract", "summary", "figures", "pareto", "reproduce"}) {
      assertThat(page).containsOnlyOnce("<a href=\"#" + id + "\">").contains("id=\"" + id + "\"");
    }
  }

  @Test
  void givesValuesOnHoverAndInAlternativeTexts() throws IOException {
    String svg = Files.readString(folder.resolve("figures/sparsity-accuracy.svg"));

    assertThat(svg)
        .contains("<title>one-shot\nSparsity of the prunable weights (%): 86.50\nTest accuracy (%)")
        .contains("; imp: from 97.38 ± 0.17 at 0.00 to 98.20 ± 0.45 at 86.50 in 6 points.\"");
  }

  @Test
  void writesAPdfWithTitleContentsAndPageNumbers() throws IOException {
    try (PDDocument pdf = Loader.loadPDF(folder.resolve("report.pdf").toFile())) {
      String text = new PDFTextStripper().getText(pdf);
      int pages = pdf.getNumberOfPages();

      assertThat(pages).isBetween(3, 12);
      assertThat(text)
          .contains("A <title>", "Ada and Grace", "1 / " + pages, pages + " / " + pages);
      assertThat(text).containsPattern("How to get them again[ .]+" + pages);
      assertThat(text).contains("−1.17 points", "97.38 ± 0.17");
    }
  }

  @Test
  void removesAPdfThatWouldShowOtherNumbers(@TempDir Path other) throws IOException {
    new RunFixture().figures().filled().writeTo(other);
    Files.writeString(other.resolve("report.pdf"), "old");

    Report.write(other);

    assertThat(other.resolve("report.pdf")).doesNotExist();
  }
}

package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The guides of {@code docs}, followed word by word. */
@Tag("engine")
class GuidesTest {
  private static final Path DOCS = Cli.root().resolve("docs");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");

  @TempDir private Path folder;

  private Guide guide(String name, boolean running) {
    return new Guide(name, folder, Scaffolds.all().jars(), running);
  }

  /** The code on these pages is that of projects which {@link ScaffoldedPluginsTest} tries. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "writing-a-schedule",
        "writing-a-metric",
        "writing-a-stage",
        "writing-a-model",
        "writing-a-data-set",
        "writing-a-recipe",
        "running-on-a-gpu"
      })
  void whatItShowsIsSo(String name) throws IOException {
    assertThat(guide(name, false).follow()).isNotEmpty();
  }

  @Test
  void aStudyIsRunReadAndReproduced() throws IOException {
    assertThat(guide("reading-a-report", true).follow()).isNotEmpty();
    assertThat(guide("reproducing-a-study", true).follow()).isNotEmpty();
  }

  @Test
  void theIndexNamesEveryPageAndLinksLeadSomewhere() throws IOException {
    TreeSet<String> pages = new TreeSet<>();
    try (Stream<Path> files = Files.list(DOCS)) {
      files.map(file -> "" + file.getFileName()).filter(n -> n.endsWith(".md")).forEach(pages::add);
    }
    String index = Files.readString(DOCS.resolve("README.md"));
    pages.remove("README.md");
    assertThat(pages).allSatisfy(page -> assertThat(index).contains("(" + page + ")"));
    for (String page : pages) {
      assertLinks(DOCS.resolve(page));
    }
    assertLinks(DOCS.resolve("README.md"));
  }

  private static void assertLinks(Path page) throws IOException {
    List<String> targets =
        LINK.matcher(Files.readString(page)).results().map(link -> link.group(1)).toList();
    assertThat(targets)
        .as("links of %s", page)
        .allSatisfy(target -> assertThat(DOCS.resolve(target)).exists());
  }
}

package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
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
    assertThat(firstSeed("again")).hasSizeGreaterThan(10).isEqualTo(firstSeed("read"));
  }

  private List<String> firstSeed(String run) throws IOException {
    return Files.readAllLines(folder.resolve("runs").resolve(run).resolve("results.csv")).stream()
        .filter(row -> row.matches("[a-z0-9]+,1,.*"))
        .toList();
  }

  /** Its first method is built by the page's own commands; its code is tried in {@code core}. */
  @Test
  void theFirstMethodIsBuiltAndUsedAsItsPageSays() throws IOException {
    String page = Files.readString(DOCS.resolve("writing-a-method.md"));
    List<String> java = blocks(page, "java");
    write("my/RowShare.java", java.get(0));
    write("my/Wanda.java", java.get(1));
    blocks(page, "sh").get(0).lines().forEach(this::line);
    String jars = folder.resolve("plugins").toString();

    assertThat(Cli.run("plugins", "--plugins", jars).out())
        .contains("row-share", "Scores a weight by its share of its row")
        .doesNotContain("cannot be used");

    // The second one beside it, for the page's other settings.
    line("javac --release 17 -cp \"cli/target/secateur/lib/*\" -d second my/Wanda.java");
    line("mkdir -p second/META-INF/services");
    line("echo my.Wanda > second/META-INF/services/io.secateur.spi.PruningMethod");
    line("jar --create --file plugins/wanda.jar -C second .");
    List<String> fragments = blocks(page, "yaml");
    assertThat(fragments).hasSize(2);
    for (String fragment : fragments) {
      String pipeline = fragment.startsWith("pipeline:") ? fragment : "pipeline:\n" + fragment;
      Path study =
          write(
              "study.yaml",
              "study: page\ndata: digits\nmodel: lenet-300-100\nmeasure: [accuracy]\n" + pipeline);
      Cli.Result plan =
          Cli.run("plan", "" + study, "--plugins", jars, "--out", "" + folder.resolve("run"));
      assertThat(plan.exitCode()).as(plan.err()).isZero();
    }
    assertThat(fragments.toString()).contains("row-share", "my-wanda");
  }

  private static List<String> blocks(String page, String language) {
    return Pattern.compile("^```" + language + "\\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
        .matcher(page)
        .results()
        .map(block -> block.group(1))
        .toList();
  }

  private Path write(String file, String text) throws IOException {
    Path path = folder.resolve(file);
    Files.createDirectories(path.getParent());
    return Files.writeString(path, text);
  }

  /** Runs a line of a shell in the folder, as far as it needs no shell. */
  private void line(String line) {
    List<String> words = List.of(line.replace("\"", "").split("\\s+", -1));
    switch (words.get(0)) {
      case "javac", "jar" -> {
        List<String> arguments =
            words.stream()
                .skip(1)
                .map(
                    word ->
                        word.equals("cli/target/secateur/lib/*")
                            ? System.getProperty("java.class.path")
                            : word.matches("my/.*|out|second|plugins/.*")
                                ? folder.resolve(word).toString()
                                : word)
                .toList();
        int result =
            ToolProvider.findFirst(words.get(0))
                .orElseThrow()
                .run(System.out, System.err, arguments.toArray(String[]::new));
        assertThat(result).as(line).isZero();
      }
      case "mkdir" ->
          words.stream()
              .skip(2)
              .forEach(each -> assertThat(folder.resolve(each).toFile().mkdirs()).isTrue());
      case "echo" -> {
        assertThat(words.get(2)).isEqualTo(">");
        assertThatCode(() -> write(words.get(3), words.get(1) + "\n")).doesNotThrowAnyException();
      }
      default -> assertThat(line).isEqualTo("./secateur plugins");
    }
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

package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.study.Figure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CatalogCommandsTest {

  @Test
  void pluginsAreListedByKind() {
    Cli.Result result = Cli.run("plugins");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains("pruning method", "  l1 ", "recipe", "  imp ", "  digits ", "  ffn ");
    assertThat(result.out().lines()).allMatch(line -> line.length() <= Layout.WIDTH);
  }

  @Test
  void aBrokenJarIsListedWithItsReasonAndHurtsNobody(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("torn.jar"), "no zip");
    Cli.Result result = Cli.run("plugins", "--plugins", folder.toString());
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("cannot be used", "torn.jar", "  l1 ");
  }

  @Test
  void settingsAreListedWithTypeDefaultAndWhatTheirJavadocSays() {
    Cli.Result result = Cli.run("plugins", "--settings");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .contains(
            "    power (number, default 3): how steep the beginning is, above 0; 1 is",
            "    warmup (whole number, default 20): rounds that do not count\n");
    assertThat(result.out().lines()).allMatch(line -> line.length() <= Layout.WIDTH);
    assertThat(Cli.run("plugins").out()).doesNotContain("warmup");
    assertThat(Cli.run("describe", "latency").out())
        .contains("  warmup: whole number; default 20\n      rounds that do not count\n");
  }

  @Test
  void whatCameInAJarShowsItsVersionAndThatOfTheSpi(@TempDir Path folder) throws IOException {
    ExampleJar.pack(folder.resolve("by-hand.jar"));
    Path told = Files.createDirectory(folder.resolve("told"));
    ExampleJar.pack(
        told.resolve("told.jar"), "Implementation-Version: 1.4", "Secateur-SPI-Version: 1.0");
    assertThat(plain(Cli.run("plugins", "--plugins", folder.toString())))
        .contains("by-hand.jar, no SPI version]");
    assertThat(plain(Cli.run("plugins", "--plugins", told.toString())))
        .contains("told.jar, version 1.4, SPI 1.0]");
    Path newer = Files.createDirectory(folder.resolve("newer"));
    ExampleJar.pack(newer.resolve("newer.jar"), "Secateur-SPI-Version: 999.0");
    assertThat(plain(Cli.run("plugins", "--plugins", newer.toString())))
        .contains("newer.jar: was built against version 999.0 of the SPI, and this Secateur offers")
        .doesNotContain("newer.jar]");
  }

  private static String plain(Cli.Result result) {
    return result.out().replaceAll("\\s+", " ");
  }

  @Test
  void aMethodIsDescribedWithEquationPaperSettingsAndNeeds() {
    Cli.Result result = Cli.run("describe", "l1");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out())
        .startsWith("l1: pruning method, from ")
        .contains("|w|", "Han et al.", "It has no settings.", "Needs: the weights alone, no data.");
  }

  @Test
  void aRecipeIsDescribedWithDefaultsAndWhatMayBeWritten() {
    assertThat(Cli.run("describe", "imp").out())
        .contains(
            "imp: recipe",
            "rounds: whole number; default 5",
            "one of: {epoch: EPOCHS}, init, {label: NAME}");
  }

  @Test
  void aMetricIsDescribedWithWhatItGives() {
    assertThat(Cli.run("describe", "latency").out())
        .contains("Gives:", "latency/batch-64/median in s, differs from run to run");
  }

  @Test
  void everyFigureIsDescribedAndNamedByTheHelp() {
    for (String name : Figure.names()) {
      Cli.Result result = Cli.run("describe", name);
      assertThat(result.exitCode()).as(name).isZero();
      assertThat(result.out()).contains(name + ": figure of a report");
      assertThat(Cli.run("describe", "--help").out().replaceAll("\\s+", " ")).contains(" " + name);
    }
    assertThat(Cli.run("describe", "kernels").out())
        .contains("layer: text; must be given", "channel: whole number", "default none");
    assertThat(Cli.run("describe", "samples").out())
        .startsWith("samples: metric, from ")
        .contains("Draws, from 'measure': samples");
  }

  @Test
  void anUnknownNameIsAnsweredWithTheNearest() {
    Cli.Result result = Cli.run("describe", "immp");
    assertThat(result.exitCode()).isEqualTo(Main.BAD_INPUT);
    assertThat(result.err())
        .startsWith("secateur: there is no plugin or figure 'immp'. Did you mean 'imp'?");
  }

  @Test
  void aSentenceEndsAtItsFullStop() {
    assertThat(Descriptions.sentence("Scores by\nmagnitude. And more."))
        .isEqualTo("Scores by magnitude");
    assertThat(Descriptions.sentence("All of it.")).isEqualTo("All of it");
  }
}

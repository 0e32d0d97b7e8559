package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.cli.Cli.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShippedStudiesTest {

  @TempDir private Path folder = Path.of("");

  @Test
  void theFirstFolderWinsAndOpeningsEndAtTheFirstEmptyComment() throws IOException {
    Path near = Files.createDirectory(folder.resolve("near"));
    Path far = Files.createDirectory(folder.resolve("far"));
    Files.writeString(
        near.resolve("a.yaml"),
        "# What\n# it is.\n# Measured: 98 %\n#   in 1 s.\n#\n# More.\nstudy: a\n");
    Files.writeString(far.resolve("a.yaml"), "study: other\n");
    Files.writeString(far.resolve("b.yaml"), "study: b\n");
    ShippedStudies studies = new ShippedStudies(List.of(near, far));
    assertThat(studies.all())
        .containsExactly(
            new ShippedStudies.Shipped(
                "a", near.resolve("a.yaml"), List.of("What it is.", "Measured: 98 % in 1 s.")),
            new ShippedStudies.Shipped("b", far.resolve("b.yaml"), List.of()));
    assertThat(studies.resolve("b")).isEqualTo(far.resolve("b.yaml"));
    assertThat(studies.resolve("b.yaml")).isEqualTo(far.resolve("b.yaml"));
  }

  @Test
  void theShippedStudiesAreListedWithWhatTheyAre() {
    Result result = Cli.run("studies");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("quickstart  (", "lab4-mnist  (", "Lab 4, exercise 2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"quickstart", "lab4-mnist", "criteria-mnist"})
  void aShippedStudyCanBeReadAndStartsWithWhatItIs(String name) throws IOException {
    Path file = Cli.root().resolve("studies").resolve(name + ".yaml");
    assertThat(Files.readString(file)).startsWith("# ").contains("study: " + name);
    assertThat(Cli.run("plan", name, "--seeds", "1", "--set", "data=digits").err()).isEmpty();
  }

  @Test
  void aNewStudyIsACopyWithTheNameOfItsFile() throws IOException {
    Path file = folder.resolve("mine.yaml");
    Result result = Cli.run("new", "--from", "quickstart", file.toString());
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).contains("secateur run " + file);
    String text = Files.readString(file);
    assertThat(text).startsWith("# Started from quickstart.\n").contains("\nstudy: mine\n");
    String shipped = Files.readString(Cli.root().resolve("studies/quickstart.yaml"));
    assertThat(text).endsWith(shipped.substring(shipped.indexOf("\nseeds:")));
  }

  @Test
  void aFileThatIsThereIsNotOverwritten() throws IOException {
    Path file = Files.writeString(folder.resolve("mine.yaml"), "precious");
    Result result = Cli.run("new", file.toString());
    assertThat(result.exitCode()).isEqualTo(Main.BAD_INPUT);
    assertThat(result.err()).contains("is there already");
    assertThat(file).hasContent("precious");
  }
}

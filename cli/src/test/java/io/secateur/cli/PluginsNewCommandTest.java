package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code plugins new} writes, and where it refuses to. */
class PluginsNewCommandTest {
  @TempDir private Path folder;

  private Cli.Result start(String name, String... more) {
    List<String> arguments =
        Stream.concat(
                Stream.of("plugins", "new", name, "--dir", folder.resolve("new") + ""),
                Stream.of(more))
            .toList();
    return Cli.run(arguments.toArray(String[]::new));
  }

  private List<String> written() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString().replace('\\', '/'))
          .sorted()
          .toList();
    }
  }

  @Test
  void aProjectIsWrittenAndWhatNextIsSaid() throws IOException {
    Cli.Result result = start("row-share", "--package", "com.example.pruning");

    assertThat(result.err()).isEmpty();
    assertThat(result.exitCode()).isZero();
    Golden.check(
        "messages/plugins-new", result.out().replace("" + folder, "DIR").replace('\\', '/'));
    assertThat(written())
        .containsExactly(
            "new/README.md",
            "new/pom.xml",
            "new/src/main/java/com/example/pruning/RowShare.java",
            "new/src/main/resources/META-INF/services/io.secateur.spi.PruningMethod",
            "new/src/test/java/com/example/pruning/RowShareTest.java",
            "new/study.yaml");
    assertThat(folder.resolve("new/src/main/resources/META-INF/services/"))
        .satisfies(
            services ->
                assertThat(services.resolve("io.secateur.spi.PruningMethod"))
                    .content()
                    .isEqualTo("com.example.pruning.RowShare"));
  }

  @ParameterizedTest
  @EnumSource(ScaffoldKind.class)
  void everyPlaceholderIsFilled(ScaffoldKind kind) {
    Scaffold scaffold = new Scaffold(kind, "my-own", "org.example", "1.2.3");
    assertThat(scaffold.files().values())
        .allSatisfy(text -> assertThat(text).doesNotContainPattern("@[a-z]+@"));
    assertThat(scaffold.files().get("pom.xml"))
        .contains(
            "<artifactId>my-own</artifactId>",
            "<secateur.version>1.2.3</secateur.version>",
            "<Secateur-SPI-Version>");
    assertThat(scaffold.files().get("README.md"))
        .contains("mvn verify", scaffold.jar(), "secateur run study.yaml", kind.guide());
    assertThat(Cli.root().resolve(kind.guide())).isRegularFile();
  }

  /** A class called as a type that its source uses, or as one of Java's own, would not compile. */
  @ParameterizedTest
  @ValueSource(strings = {"weight", "override", "string"})
  void aClassHasANameOfItsOwn(String name) {
    Scaffold scaffold = new Scaffold(ScaffoldKind.METHOD, name, "my", "1");
    String type = Character.toUpperCase(name.charAt(0)) + name.substring(1) + "Method";
    assertThat(scaffold.files())
        .containsKeys(
            "src/main/java/my/%s.java".formatted(type),
            "src/test/java/my/%sTest.java".formatted(type));
    assertThat(scaffold.files().get("src/main/java/my/%s.java".formatted(type)))
        .contains("public record " + type + "(", "return \"" + name + "\";");
  }

  @Test
  void aFolderThatHoldsSomethingIsLeftAsItIs() throws IOException {
    Path mine = Files.createDirectories(folder.resolve("new")).resolve("mine.txt");
    Files.writeString(mine, "mine");

    Cli.Result result = start("row-share");

    assertThat(result.exitCode()).isEqualTo(Main.BAD_INPUT);
    assertThat(result.err())
        .isEqualToIgnoringNewLines(
            "secateur: %s: is not empty, and a project is written to a new folder; --dir names another one"
                .formatted(folder.resolve("new")));
    assertThat(written()).containsExactly("new/mine.txt");
  }

  @Test
  void anEmptyFolderIsFilledAndAFileIsNoFolder() throws IOException {
    Files.createDirectories(folder.resolve("new"));
    assertThat(start("row-share").exitCode()).isZero();
    assertThat(written()).hasSize(6);

    Cli.Result onto =
        Cli.run("plugins", "new", "other", "--dir", folder.resolve("new/pom.xml") + "");
    assertThat(onto.exitCode()).isEqualTo(Main.BAD_INPUT);
    assertThat(onto.err()).contains("pom.xml: is not a folder");
    assertThat(written()).hasSize(6);
  }

  @Test
  void pluginsAreListedAsBeforeWithoutTheCommand() {
    assertThat(Cli.run("plugins").out()).contains("  l1 ");
  }
}

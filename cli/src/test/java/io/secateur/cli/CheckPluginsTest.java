package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins of jars are tried before a study is run, and when asked for. */
@Tag("engine")
class CheckPluginsTest {
  @TempDir private Path folder;

  /** A jar with a method that keeps the rules, one that divides by 0, and one that exits. */
  @BeforeEach
  void pack() throws IOException {
    jar("steady", "return w.matrix().abs();");
    jar("shaky", "NDArray a = w.matrix().abs(); return a.div(a.sum(new int[] {1}, true));");
    jar("leaving", "System.exit(3); return w.matrix();");
  }

  private void jar(String name, String body) throws IOException {
    String type = Character.toUpperCase(name.charAt(0)) + name.substring(1);
    Path sources = Files.createDirectories(folder.resolve("src-" + name));
    Path classes = Files.createDirectories(folder.resolve("classes-" + name));
    Path source = sources.resolve(type + ".java");
    Files.writeString(
        source,
        """
        package my;
        import ai.djl.ndarray.NDArray;
        import io.secateur.spi.*;
        public record %s() implements ScoringMethod {
          public String name() { return "%s"; }
          public String description() { return "A method."; }
          public NDArray scores(Weight w, Statistics s) { %s }
        }
        """
            .formatted(type, name, body));
    int result =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-cp",
                System.getProperty("java.class.path"),
                "-d",
                classes.toString(),
                source.toString());
    assertThat(result).isZero();
    Path jar = Files.createDirectories(folder.resolve(name)).resolve(name + ".jar");
    try (FileSystem zip =
        FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of("create", "true"))) {
      Files.createDirectories(zip.getPath("my"));
      Files.copy(
          classes.resolve("my").resolve(type + ".class"), zip.getPath("my", type + ".class"));
      Files.createDirectories(zip.getPath("META-INF", "services"));
      Files.write(
          zip.getPath("META-INF", "services", "io.secateur.spi.PruningMethod"),
          List.of("my." + type));
    }
  }

  private Cli.Result check(String name) {
    return Cli.run("plugins", "--check", "--plugins", folder.resolve(name).toString());
  }

  @Test
  void aMethodThatKeepsTheRulesIsToldHowMany() {
    Cli.Result result = check("steady");
    assertThat(result.out().strip()).matches("steady keeps \\d\\d rules");
    assertThat(result.exitCode()).isZero();
  }

  @Test
  void aBrokenRuleIsALineAndBadInput() {
    Cli.Result result = check("shaky");
    assertThat(result.out().strip())
        .isEqualTo(
            "shaky (%s): scores are finite: 4 x 6 cells that are all 0 but one: score 0 is NaN; a"
                    .formatted(folder.resolve("shaky").resolve("shaky.jar"))
                + " score is a finite number, so that weights can be ranked");
    assertThat(result.exitCode()).isEqualTo(Main.BAD_INPUT);
  }

  @Test
  void aMethodThatExitsIsToldSo() {
    Cli.Result result = check("leaving");
    assertThat(result.out()).contains("it ended the process that checks it, exit status 3");
    assertThat(result.exitCode()).isEqualTo(Main.BAD_INPUT);
  }

  @Test
  void aStudyWithABrokenPluginIsNotRun() throws IOException {
    Path study = folder.resolve("study.yaml");
    Files.writeString(
        study,
        """
        study: checked
        data: {digits: {train: 100, test: 100}}
        model: {ffn: {hidden: [4]}}
        measure: [accuracy]
        pipeline:
          - prune: {method: shaky, scope: layer, amount: 0.5}
        """);
    Path out = folder.resolve("out");
    Cli.Result result =
        Cli.run(
            "run",
            study.toString(),
            "--check-plugins",
            "--plugins",
            folder.resolve("shaky").toString(),
            "--out",
            out.toString());
    assertThat(result.err().lines())
        .singleElement()
        .asString()
        .startsWith("secateur: shaky (")
        .contains("scores are finite");
    assertThat(result.exitCode()).isEqualTo(Main.BAD_INPUT);
    assertThat(out).doesNotExist();
  }
}

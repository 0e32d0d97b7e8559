package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {

  @Test
  void aloneItSaysWhatItIsAndThreeCommandsToTry() throws IOException {
    Cli.Result result = Cli.run();
    assertThat(result.exitCode()).isZero();
    assertThat(result.err()).isEmpty();
    // Scripts name it as they start it; the words are the same.
    assertThat(result.out()).contains(" run ", " plugins ", " doctor ").hasLineCount(9);
  }

  @Test
  void helpListsEveryCommand() throws IOException {
    Cli.Result result = Cli.run("--help");
    assertThat(result.exitCode()).isZero();
    Golden.check("help/secateur", result.out());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run",
        "plan",
        "report",
        "checkpoints",
        "store",
        "inspect",
        "evaluate",
        "measure",
        "sensitivity",
        "prune",
        "export",
        "plugins",
        "describe",
        "schema",
        "studies",
        "new",
        "data",
        "doctor",
        "jshell"
      })
  void everyCommandHasItsHelp(String command) throws IOException {
    Cli.Result result = Cli.run("help", command);
    assertThat(result.exitCode()).isZero();
    assertThat(result.out()).isEqualTo(Cli.run(command, "--help").out());
    assertThat(result.out().lines()).allMatch(line -> line.length() <= Layout.WIDTH);
    Golden.check("help/" + command, result.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"list", "get"})
  void everyCommandOfDataHasItsHelp(String command) throws IOException {
    Cli.Result result = Cli.run("data", command, "--help");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out().lines()).allMatch(line -> line.length() <= Layout.WIDTH);
    Golden.check("help/data-" + command, result.out());
  }

  @ParameterizedTest
  @ValueSource(strings = {"list", "size", "verify", "clean"})
  void everyCommandOfStoresHasItsHelp(String command) throws IOException {
    Cli.Result result = Cli.run("store", command, "--help");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out().lines()).allMatch(line -> line.length() <= Layout.WIDTH);
    Golden.check("help/store-" + command, result.out());
  }

  @Test
  void startingAPluginHasItsHelp() throws IOException {
    Cli.Result result = Cli.run("plugins", "new", "--help");
    assertThat(result.exitCode()).isZero();
    assertThat(result.out().lines()).allMatch(line -> line.length() <= Layout.WIDTH);
    Golden.check("help/plugins-new", result.out());
  }

  @Test
  void everyOptionIsDocumented() {
    Main.commandLine().getSubcommands().values().forEach(MainTest::assertOptionsAreDocumented);
  }

  private static void assertOptionsAreDocumented(CommandLine command) {
    assertThat(command.getCommandSpec().options())
        .allSatisfy(option -> assertThat(List.of(option.description())).isNotEmpty());
    command.getSubcommands().values().forEach(MainTest::assertOptionsAreDocumented);
  }

  @Test
  void theVersionNamesTheProgram() {
    assertThat(Cli.run("--version").out()).startsWith("secateur ");
    assertThat(Cli.run("run", "--version").out()).startsWith("secateur ");
  }

  @Test
  void completionIsGeneratedForEveryCommand() {
    assertThat(Cli.run("generate-completion").out()).contains("_complete_secateur", "describe");
  }
}

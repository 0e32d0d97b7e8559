package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a user is told of bad input: whole messages, and that the exit code is 2. */
class MessagesTest {

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of("unknown-command", "runn"),
        Arguments.of("unknown-option", "run quickstart --outt x"),
        Arguments.of("no-study", "run"),
        Arguments.of("quiet-and-verbose", "run quickstart -q -v"),
        Arguments.of("unknown-study", "run quickstrat"),
        Arguments.of("absent-file", "plan some/where.yaml"),
        Arguments.of("folder-as-study", "plan src"),
        Arguments.of("no-workers", "run quickstart --workers 0"),
        Arguments.of("step-limit-that-is-none", "run quickstart --step-limit 10"),
        Arguments.of("store-alone", "store"),
        Arguments.of("store-of-nothing", "store list"),
        Arguments.of("store-that-is-none", "store verify --store src"),
        Arguments.of("clean-without-store", "store clean quickstart"),
        Arguments.of("unknown-device", "plan quickstart --device tpu"),
        Arguments.of("seeds-that-are-none", "plan quickstart --seeds one"),
        Arguments.of("seeds-given-twice", "plan quickstart --seeds 1,1"),
        Arguments.of("too-many-threads", "plan quickstart --set threads=100000"),
        Arguments.of("set-beyond-a-list", "plan quickstart --set pipeline.9.train.epochs=1"),
        Arguments.of("file-as-run-folder", "run quickstart --out pom.xml"),
        Arguments.of("file-as-store", "run quickstart --store pom.xml"),
        Arguments.of("no-such-data-folder", "plan quickstart --data no-such-folder"),
        Arguments.of("no-such-plugin-folder", "plugins --plugins no-such-folder"),
        Arguments.of("no-run", "report src"),
        Arguments.of("no-checkpoints", "checkpoints src"),
        Arguments.of("neither-checkpoint-nor-model", "inspect lenet-300"),
        Arguments.of("values-of-a-model", "inspect lenet-300-100 --values fc1"),
        Arguments.of("unknown-setting-of-a-model", "inspect {ffn:{hiden:[4]}}"),
        Arguments.of("shape-that-is-none", "inspect ffn --input 28*28"),
        Arguments.of("compared-with-a-model", "inspect src/nothing lenet-300-100"),
        Arguments.of("evaluate-without-data", "evaluate src"),
        Arguments.of("evaluate-nothing", "evaluate src/nothing"),
        Arguments.of("unknown-data-set", "data get mnst"),
        Arguments.of("data-alone", "data"),
        Arguments.of("evaluate-no-run", "evaluate src#imp/1/3"),
        Arguments.of("measure-no-run", "measure src"),
        Arguments.of("measure-in-no-rounds", "measure src --rounds 0"),
        Arguments.of("sensitivity-of-nothing", "sensitivity quickstrat"),
        Arguments.of("sensitivity-at-no-label", "sensitivity quickstart --at dens"),
        Arguments.of("sensitivity-untrained", "sensitivity quickstart --at start"),
        Arguments.of("sensitivity-no-group", "sensitivity quickstart --group attention=*attn*"),
        Arguments.of("sensitivity-no-pattern", "sensitivity quickstart --group late"),
        Arguments.of("sensitivity-twice", "sensitivity quickstart --group a=* --group b=*"),
        Arguments.of("sensitivity-fractions", "sensitivity quickstart --sparsity 0.5,50"),
        Arguments.of("sensitivity-target", "sensitivity quickstart --target 80"),
        Arguments.of("sensitivity-method", "sensitivity quickstart --method l3"),
        Arguments.of("sensitivity-unit", "sensitivity quickstart --granularity filter"),
        Arguments.of("sensitivity-no-checkpoint", "sensitivity src"),
        Arguments.of("export-nothing", "export src/nothing --format torch -o x.pth"),
        Arguments.of("export-no-format", "export src -o x.pth"),
        Arguments.of("export-unknown-format", "export src --format torhc -o x.pth"),
        Arguments.of("export-onto-something", "export src --format torch -o pom.xml"),
        Arguments.of("export-encoding", "export src --format torch --encoding coo -o x.pth"),
        Arguments.of("events-into-a-file", "run quickstart --tensorboard pom.xml"),
        Arguments.of("prune-nothing", "prune src/nothing --amount 0.5 --dry-run"),
        Arguments.of("prune-no-model", "prune src --amount 0.5 --dry-run"),
        Arguments.of("prune-no-out", "prune pom.xml --amount 0.5"),
        Arguments.of("prune-onto-something", "prune pom.xml --amount 0.5 -o src"),
        Arguments.of("prune-no-amount", "prune pom.xml --dry-run"),
        Arguments.of("prune-no-tensors", "prune pom.xml --amount 0.5 --dry-run"),
        Arguments.of("prune-percent", "prune pom.xml --amount 50 --dry-run"),
        Arguments.of("prune-pattern", "prune pom.xml --pattern 4:2 --dry-run"),
        Arguments.of("prune-pattern-twice", "prune pom.xml --pattern 2:4 --scope row --dry-run"),
        Arguments.of("prune-method", "prune pom.xml --method taylor --amount 0.5 --dry-run"),
        Arguments.of("prune-units", "prune pom.xml --method geometric-median --dry-run"),
        Arguments.of("quantize-nothing", "quantize src/nothing -o out"),
        Arguments.of("quantize-no-out", "quantize src/nothing"),
        Arguments.of("quantize-onto-something", "quantize src/nothing -o src"),
        Arguments.of("quantize-setting", "quantize src -o out --set activations=int4"),
        Arguments.of("quantize-no-setting", "quantize src -o out --set activation=none"),
        Arguments.of("quantize-no-value", "quantize src -o out --set rounding"),
        Arguments.of("plugins-new-nothing", "plugins new"),
        Arguments.of("plugins-new-name", "plugins new My_Method"),
        Arguments.of("plugins-new-kind", "plugins new mine --kind metrik"),
        Arguments.of("plugins-new-built-in", "plugins new l1"),
        Arguments.of("plugins-new-recipe", "plugins new prune --kind recipe"),
        Arguments.of("plugins-new-quantity", "plugins new pruned --kind metric"),
        Arguments.of("plugins-new-package", "plugins new mine --package my.class"),
        Arguments.of("plugins-new-other-package", "plugins new mine --package io.secateur.mine"),
        Arguments.of("plugins-new-folder", "plugins new mine --dir src"));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void aMistakeIsToldOnStandardErrorAlone(String name, String arguments) throws IOException {
    Cli.Result result =
        Cli.run(
            Arrays.stream(arguments.split(" "))
                .map(word -> word.replace("{ffn:{hiden:[4]}}", "{ffn: {hiden: [4]}}"))
                .toArray(String[]::new));
    assertThat(result.out()).isEmpty();
    assertThat(result.exitCode()).isEqualTo(Main.BAD_INPUT);
    Golden.check("messages/" + name, "$ secateur " + arguments + "\n" + neutral(result.err()));
  }

  /** Paths of this checkout look alike everywhere. */
  private static String neutral(String text) {
    return text.replace(Cli.root().toString(), "HOME").replace('\\', '/');
  }

  @Test
  void everyFaultOfAStudyHasItsPlaceAndNoPrefix(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("study.yaml");
    Files.writeString(
        file, "study: x\nmodel: fnn\ndata: digits\nmeasure: [acuracy]\npipeline: [train]\n");
    Cli.Result result = Cli.run("plan", file.toString());
    assertThat(result.exitCode()).isEqualTo(Main.BAD_INPUT);
    assertThat(result.err().lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith(file + ":"))
        .anyMatch(line -> line.startsWith(file + ":2:8: ") && line.contains("'ffn'"))
        .anyMatch(line -> line.startsWith(file + ":4:11: ") && line.contains("'accuracy'"));
  }

  @Test
  void aStudyThatIsNoTextIsToldSo(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("study.yaml");
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0, 0});
    Cli.Result result = Cli.run("plan", file.toString());
    assertThat(result.exitCode()).isEqualTo(Main.BAD_INPUT);
    assertThat(result.err())
        .isEqualToIgnoringNewLines("secateur: the study file " + file + " is not text in UTF-8");
  }

  @Test
  void aStackTraceIsPrintedOnlyWhenAskedFor() {
    assertThat(Cli.run("report", "src").err()).doesNotContain("\tat ");
    assertThat(Cli.run("report", "src", "--stacktrace").err()).contains("\tat io.secateur.cli");
  }
}

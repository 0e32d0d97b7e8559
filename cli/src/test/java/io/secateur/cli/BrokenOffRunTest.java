package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that do not come to their end: interrupted ones, and those of which an arm fails. */
@Tag("engine")
class BrokenOffRunTest {
  private static final String STUDY =
      """
      study: tiny
      threads: 1
      data: {digits: {train: 300, test: 100}}
      model: {ffn: {hidden: [16]}}
      pipeline:
        - train: {epochs: 1}
        - ${arm}
      grid:
        arm:
          fine: {prune: {method: l1, amount: 0.5}}
          wild: {finetune: {epochs: 1, optimizer: {sgd: {learning-rate: 1.0e30}}}}
      measure: [accuracy]
      """;

  @TempDir private Path folder = Path.of("");

  private Path study(String text) throws IOException {
    return Files.writeString(folder.resolve("tiny.yaml"), text);
  }

  @Test
  void anArmThatFailsIsNamedWhileTheOthersGoOn() throws IOException {
    String run = folder.resolve("run").toString();
    Cli.Result result = Cli.run("run", study(STUDY).toString(), "--out", run, "-q");
    assertThat(result.exitCode()).isEqualTo(Main.FAILED);
    assertThat(result.err())
        .hasLineCount(1)
        .startsWith("secateur: wild seed 1, round 0, finetune: training diverged");
    assertThat(result.out()).contains("fine ", "report: ");
  }

  @Test
  void anInterruptedRunSaysHowToContinueAndContinues() throws Exception {
    String file = study(STUDY.replace("300", "3000").replace("1.0e30", "0.01")).toString();
    String run = folder.resolve("run").toString();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "io.secateur.cli.Main",
                "run",
                file,
                "--out",
                run)
            .redirectOutput(folder.resolve("out").toFile())
            .start();
    assumeThat(process.supportsNormalTermination()).isTrue();
    try (BufferedReader err = process.errorReader()) {
      String line = err.readLine();
      while (line != null && !line.contains(" open  ")) {
        line = err.readLine();
      }
      assertThat(line).contains("open");
      // Not the process itself, whose streams would be closed with it.
      process.toHandle().destroy();
      assertThat(err.lines().collect(Collectors.toList()))
          .last()
          .isEqualTo(
              "secateur: interrupted; what is finished is kept."
                  + " To continue: secateur run %s --out %s".formatted(file, run));
    }
    assertThat(process.waitFor()).isNotZero();
    Cli.Result again = Cli.run("run", file, "--out", run);
    assertThat(again.err()).containsPattern("\\d of them done already");
    assertThat(again.exitCode()).isZero();
  }
}

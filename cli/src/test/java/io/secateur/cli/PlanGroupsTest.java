package io.secateur.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a plan tells of units that go together, and which combinations it refuses. */
class PlanGroupsTest {
  private static final String HEAD =
      """
      study: units
      seeds: [1]
      data: digits
      measure: [accuracy]
      model:
        layers:
          layers:
            - conv2d: {name: stem, filters: 16, padding: 1}
            - residual: {name: add, body: [{conv2d: {name: in, filters: 24, padding: 1}}, {conv2d: {name: out, filters: 16, padding: 1}}]}
            - global-avg-pool2d: {name: pool}
            - linear: {name: fc}
      pipeline:
      """;

  @TempDir private Path folder = Path.of("");

  private Cli.Result plan(String stage, String... options) throws IOException {
    Path file = Files.writeString(folder.resolve("units.yaml"), HEAD + "  - " + stage + "\n");
    String[] arguments = new String[2 + options.length];
    arguments[0] = "plan";
    arguments[1] = file.toString();
    System.arraycopy(options, 0, arguments, 2, options.length);
    return Cli.run(arguments);
  }

  @Test
  void verbosePlansTellWhichWeightsLoseUnitsTogetherAndHowMany() throws IOException {
    String stage =
        "prune: {method: ln-structured, granularity: output-units, scope: layer, amount: 0.5,"
            + " round-to: 8}";
    String counts = "-> 16 / 40 units (40.00 %)";
    String[] groups = {
      "      stem.weight + out.weight: 8 of 16 units, with inputs of in.weight, fc.weight",
      "      in.weight: 8 of 24 units, with inputs of out.weight"
    };

    assertThat(plan(stage).out()).contains(counts).doesNotContain(groups);
    assertThat(plan(stage, "-v").out().lines().toList())
        .contains(groups)
        .anyMatch(line -> line.endsWith(counts + "  measured"));
  }

  @Test
  void inputUnitsAreTheSameGroups() throws IOException {
    assertThat(
            plan(
                    "prune: {method: random-structured, granularity: input-units, amount: 0.5,"
                        + " keep-at-least: 15}",
                    "-v")
                .out())
        .contains("-> 10 / 40 units", "in.weight: some of 24 units");
  }

  @Test
  void whatMakesNoSenseIsRefusedWithItsPlace() throws IOException {
    Cli.Result slim =
        plan("prune: {method: batch-norm-scale, granularity: output-units, amount: 0.5}");
    assertThat(slim.exitCode()).isEqualTo(2);
    assertThat(slim.err())
        .contains(
            "units.yaml:13:5: batch-norm-scale needs a gamma of every unit, and those of stem.weight"
                + " + out.weight have none; exclude them, or use another method");
    assertThat(plan("prune: {method: l1, amount: 0.5, normalise: maximum}").err())
        .contains("units.yaml:13:49: expected none, mean or max, got 'maximum'");
    assertThat(plan("prune: {method: l1, scope: layer, amount: 0.5, round-to: 8}").err())
        .contains("'prune': round-to counts whole units of a weight; use granularity");
  }
}

package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.study.ResultRow;
import io.secateur.study.RunInfo;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** Two layers of 100 and 900 weights, pruned one at a time. */
class SensitivityPageTest {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Map<String, Long> SIZES = sizes();

  @TempDir private Path folder;
  private final List<ResultRow> rows = new ArrayList<>();
  private final List<RunInfo.Arm> arms = new ArrayList<>();

  private static Map<String, Long> sizes() {
    Map<String, Long> sizes = new LinkedHashMap<>();
    sizes.put("conv1", 100L);
    sizes.put("fc1", 900L);
    return sizes;
  }

  private void row(
      RunInfo.Arm arm, String label, String source, String metric, double value, String layer) {
    rows.add(
        new ResultRow(
            "k",
            arm.name(),
            arm.axes(),
            1,
            0,
            label.isEmpty() ? "prune" : "train",
            label,
            "",
            source,
            metric,
            value,
            metric.equals("accuracy") ? "%" : "",
            "test",
            0,
            layer));
  }

  private void swept(String layer, double... accuracies) {
    for (int i = 0; i < accuracies.length; i++) {
      String fraction = "0." + (2 + 3 * i);
      Map<String, String> axes = new LinkedHashMap<>();
      axes.put("layer", layer);
      axes.put("sparsity", fraction);
      RunInfo.Arm arm = new RunInfo.Arm(layer + "+" + fraction, axes);
      arms.add(arm);
      row(arm, "dense", "measure", "accuracy", 90, "");
      SIZES.forEach(
          (name, size) -> {
            double share = name.equals(layer) ? Double.parseDouble(fraction) : 0;
            row(arm, "", "stage", "pruned", Math.rint(share * size), name + ".weight");
            row(arm, "", "stage", "weights", size, name + ".weight");
          });
      row(arm, "", "stage", "weights", 1000, "");
      row(arm, "", "measure", "accuracy", accuracies[i], "");
    }
  }

  private Summary report(String figure) throws Exception {
    RunInfo info = new RunFixture().info();
    RunInfo own =
        new RunInfo(
            "sweep",
            "0.1.0",
            List.of(1L),
            1,
            arms,
            info.quantities(),
            List.of(figure),
            "layer",
            info.machine(),
            List.of(),
            List.of(),
            "study: sweep\nmeasure-examples: 500\n",
            1,
            0,
            1,
            List.of(),
            "digits",
            "ffn");
    Files.writeString(folder.resolve("run.json"), JSON.writeValueAsString(own));
    StringBuilder lines = new StringBuilder();
    rows.forEach(row -> lines.append(JSON.writeValueAsString(row)).append('\n'));
    Files.writeString(folder.resolve("results.jsonl"), lines);
    Files.writeString(folder.resolve("checkpoints.jsonl"), "");
    return Report.write(folder);
  }

  @Test
  void tellsLayersAndWritesAmountsThatMeetTheTarget() throws Exception {
    swept("conv1", 89.5, 80, 70);
    swept("fc1", 90.5, 89.75, 60);

    Summary summary = report("{sensitivity: {target: 0.5}}");

    assertThat(summary.table(80))
        .isEqualTo(
            """
            Layer   0\u00A0%  20\u00A0%  50\u00A0%  80\u00A0%
            -----  ----  ----  ----  ----
            conv1  90.0  89.5  80.0  70.0
            fc1    90.0  90.5  89.8  60.0
            """);
    assertThat(summary.sentences())
        .containsExactly(
            "conv1 is the first layer to lose more than 1 point of accuracy: 10.00 points at 50 %"
                + " pruned (one seed).",
            "amounts.yaml takes 50.00 % of the 1,000 prunable weights; predicted loss 4.06 points"
                + " (the same share of every layer: 10.25 points), if those of layers pruned alone"
                + " add up, which they need not: run it.");
    assertThat(summary.notes())
        .anyMatch(note -> note.startsWith("Predictions were measured on 500 examples"));
    // 20 of conv1 lose 0.5, and 480 of fc1 lie 30 behind the 450 that lose 0.25.
    assertThat(Files.readString(folder.resolve("amounts.yaml")))
        .contains("500 of 1,000 prunable weights (50.00 %), asked were 500.")
        .endsWith("amounts:\n  conv1.weight: 0.2\n  fc1.weight: 0.533\n");
    assertThat(Files.readString(folder.resolve("sensitivity.csv")))
        .startsWith(
            "sweep,layer,fraction,weights,pruned,accuracy,half-width,loss,loss half-width,n\n")
        .contains(",conv1,0.5,100,50,80,,10,,1\n");
    assertThat(folder.resolve("figures/sensitivity.svg")).isNotEmptyFile();
    assertThat(Files.readString(folder.resolve("table.md")))
        .contains("## Accuracy (%) when one layer alone is pruned");
  }

  @Test
  void saysWhatTheSweepCannotReach() throws Exception {
    swept("conv1", 89.5, 89.1);
    swept("fc1", 90.5, 89.75);

    assertThat(report("{sensitivity: {target: 0.9}}").sentences())
        .containsExactly(
            "None of 2 layers loses more than 1 point of accuracy up to 50 % pruned (one seed).",
            "No amounts: 90.00 % of all weights cannot go: at the largest fractions swept it is"
                + " 50.00 %.");
    assertThat(folder.resolve("amounts.yaml")).doesNotExist();
  }

  @Test
  void takesWholeSlicesAndCountsThem() throws Exception {
    for (String layer : SIZES.keySet()) {
      for (String fraction : List.of("0.5", "0.8")) {
        Map<String, String> axes = new LinkedHashMap<>(Map.of("layer", layer));
        axes.put("sparsity", fraction);
        RunInfo.Arm arm = new RunInfo.Arm(layer + "+" + fraction, axes);
        arms.add(arm);
        row(arm, "dense", "measure", "accuracy", 90, "");
        SIZES.forEach(
            (name, size) -> {
              double share = name.equals(layer) ? Double.parseDouble(fraction) : 0;
              row(arm, "", "stage", "pruned", Math.rint(share * 10) * size / 10, name + ".weight");
              row(arm, "", "stage", "weights", size, name + ".weight");
              row(arm, "", "stage", "slices", 10, name + ".weight");
            });
        row(arm, "", "stage", "weights", 1000, "");
        row(arm, "", "measure", "accuracy", layer.equals("fc1") ? 89 : 10, "");
      }
    }

    report("{sensitivity: {target: 0.61}}");

    // 610 weights lie between six and seven rows of fc1, of 90 each.
    assertThat(Files.readString(folder.resolve("amounts.yaml")))
        .contains("They take 630 of 1,000 prunable weights (63.00 %), asked were 610.")
        .endsWith("amounts:\n  conv1.weight: 0\n  fc1.weight: 0.7\n");
  }

  @Test
  void writesFractionsThatRoundToTheCount() {
    assertThat(SensitivityAmounts.fraction(1, 3)).isEqualTo("0.3");
    assertThat(SensitivityAmounts.fraction(0, 3)).isEqualTo("0");
    for (long units : new long[] {7, 432, 268_336, 102_760_448}) {
      for (long count : new long[] {0, 1, units / 3, units / 2, units - 1, units}) {
        double fraction = Double.parseDouble(SensitivityAmounts.fraction(count, units));
        assertThat((long) Math.rint(fraction * units)).isEqualTo(count);
      }
    }
  }
}

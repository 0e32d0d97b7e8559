package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.study.ResultRow;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuantizeTablesTest {
  private final List<ResultRow> rows = new ArrayList<>();

  private void add(long seed, String layer, String metric, double value) {
    rows.add(RunFixture.row("int8", seed, 0, "quantize", "stage", metric, value, "", "", 0, layer));
  }

  @Test
  void showsZerosAndErrorsFromTheLeastToTheMost() {
    for (long seed : new long[] {1, 2}) {
      for (String layer : List.of("fc1.weight", "")) {
        add(seed, layer, "quantized-weights", 1000);
        add(seed, layer, "zeros-before", 300);
        add(seed, layer, "rounded-to-zero", 10.0 * seed);
        add(seed, layer, "zeros-after", 300.0 + 10 * seed);
        add(seed, layer, "squared-error", 0.00025);
      }
    }

    assertThat(new QuantizeTables(rows).markdown())
        .startsWith("\n## Weights: what quantize did\n\n" + QuantizeTables.READING)
        .endsWith(
            """
            ### int8, iteration 0

            | Layer | Weights | Zeros before | Rounded to 0 | Zeros after | Squared error (%) |
            | :--- | ---: | ---: | ---: | ---: | ---: |
            | fc1.weight | 1,000 | 300 | 10 – 20 | 310 – 320 | 0.0250 |
            | all layers | 1,000 | 300 | 10 – 20 | 310 – 320 | 0.0250 |
            """);
  }

  @Test
  void saysNothingOfARunThatDidNotQuantize() {
    rows.add(RunFixture.row("imp", 1, 0, "train", "stage", "loss", 0.1, "", "train", 1, ""));

    assertThat(new QuantizeTables(rows).table().isEmpty()).isTrue();
    assertThat(new QuantizeTables(rows).markdown()).isEmpty();
  }
}

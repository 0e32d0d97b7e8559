package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.study.ResultRow;
import io.secateur.study.RunInfo;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A net of 1,000 parameters that loses half, at first as zeros and then in shape. */
class CompactionTest {
  private final RunFixture fixture = new RunFixture().arms("filters");

  private void place(long seed, String stage, double sparsity, double parameters, double latency) {
    row(seed, stage, "accuracy", 90.0 + seed, "%");
    row(seed, stage, "sparsity", sparsity, "%");
    row(seed, stage, "parameters", parameters, "");
    row(seed, stage, "non-zero-parameters", parameters * (1 - sparsity / 100), "");
    row(seed, stage, "latency/batch-64/median", latency, "s");
  }

  private void row(long seed, String stage, String metric, double value, String unit) {
    fixture.with(
        new ResultRow(
            "k",
            "filters",
            Map.of("arm", "filters"),
            seed,
            0,
            stage,
            "",
            "",
            "measure",
            metric,
            value,
            unit,
            "test",
            0,
            ""));
  }

  private void run(double compacted) {
    for (long seed = 1; seed <= 3; seed++) {
      place(seed, "train", 0, 1000, 0.0100 + 0.0001 * seed);
      place(seed, "prune", 50, 1000, 0.0101);
      place(seed, "compact", 0, 500, compacted + 0.0001 * seed);
    }
  }

  private Compaction compaction() {
    return new Compaction(new Measurements(fixture.info(), fixture.rows()), 1);
  }

  @Test
  void setsTheSmallerModelBesideTheSameWithZeros() {
    run(0.0060);

    assertThat(compaction().table().rows())
        .hasSize(3)
        .satisfies(rows -> assertThat(rows.get(0)).startsWith("filters", "masked", "1,000"))
        .satisfies(rows -> assertThat(rows.get(1)).startsWith("filters", "compacted", "500"))
        .satisfies(
            rows -> assertThat(rows.get(2)).startsWith("filters", "compacted / masked", "0.50 ×"));
    assertThat(compaction().sentences())
        .singleElement()
        .asString()
        .startsWith(
            "filters, compacted against masked: it made inference faster here: a batch of 64")
        .contains("took 0.61 × the time (95 % interval");
  }

  @Test
  void saysWhereBeingSmallerBringsNothing() {
    run(0.0099);

    assertThat(compaction().sentences())
        .singleElement()
        .asString()
        .contains("it brought no speed here: a batch of 64 took 1.00 × the time");
  }

  @Test
  void findingsSpeakOfTheParametersLeftWhereThereAreNoZerosAnyMore() {
    run(0.0060);
    RunInfo info = fixture.info();
    Measurements measurements = new Measurements(info, fixture.rows());

    assertThat(new Findings(info, measurements).sentences())
        .singleElement()
        .asString()
        .startsWith("filters with 50.00 % of the dense model's parameters: accuracy");
    assertThat(new Speed(measurements, false).sentences())
        .singleElement()
        .asString()
        .contains("with 50.00 % of the dense model's parameters a batch of 64 took");
  }

  @Test
  void drawsWhatIsLeftOfMaskedAndSmallerModelsAlike() {
    run(0.0060);
    RunInfo info = fixture.info();
    Charts charts = new Charts(info, new Measurements(info, fixture.rows()));

    assertThat(xs(charts.parameters("parameters-accuracy"))).containsExactly(50.0);
    assertThat(xs(charts.compression("compression-accuracy"))).containsExactly(2.0);
  }

  private static List<Double> xs(Chart chart) {
    return chart.panels().get(0).curves().get(0).dots().stream()
        .map(dot -> dot.x().mean())
        .toList();
  }

  @Test
  void isSilentWhereNothingWasMadeSmaller() {
    fixture.filled();

    assertThat(compaction().table().isEmpty()).isTrue();
    assertThat(compaction().sentences()).isEmpty();
  }
}

package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A study of which one arm is quantized and another is not. */
class QuantizedSizesTest {
  private static RunFixture fixture() {
    RunFixture fixture = new RunFixture().arms("one-shot", "imp").filled();
    for (long seed : new long[] {1, 2, 3}) {
      for (int round = 1; round <= RunFixture.ROUNDS; round++) {
        fixture
            .with(RunFixture.measured("imp", seed, round, "disk-size/int8", 1.5, "MB"))
            .with(RunFixture.measured("imp", seed, round, "disk-size/int8-bitmask", 0.6, "MB"));
      }
    }
    return fixture;
  }

  private static Measurements measurements(RunFixture fixture) {
    return new Measurements(fixture.info(), fixture.rows());
  }

  @Test
  void modelsWithoutIntegersHaveNoNumberInTheirColumns() {
    Table table = new MainTable(measurements(fixture()), 2).lab();

    int column =
        table.columns().stream()
            .map(each -> each.toString())
            .toList()
            .indexOf(
                table.columns().stream()
                    .map(each -> each.toString())
                    .filter(text -> text.contains("int8") && !text.contains("bitmask"))
                    .findFirst()
                    .orElseThrow());
    for (Table.Group group : table.groups()) {
      for (List<String> row : group.rows()) {
        boolean quantized = group.heading().equals("imp") && !row.get(0).equals("0");
        assertThat(row.get(column).contains("1.5")).as(row.toString()).isEqualTo(quantized);
        assertThat(row.get(column).equals("—")).isEqualTo(!quantized);
      }
    }
  }

  @Test
  void theSizeFigureStartsWithTheSmallestFileOfEach() {
    RunFixture fixture = fixture();
    Chart chart = new Charts(fixture.info(), measurements(fixture)).diskSize("size");

    assertThat(chart.panels())
        .extracting(Chart.Panel::heading)
        .startsWith("Smallest encoding of each model")
        .contains("Encoding: bitmask", "Encoding: int8", "Encoding: int8-bitmask");
    Chart.Panel first = chart.panels().get(0);
    assertThat(first.curves()).extracting(Chart.Curve::name).containsExactly("one-shot", "imp");
    List<Chart.Dot> quantized = first.curves().get(1).dots();
    assertThat(quantized.get(1).x().mean()).isEqualTo(0.6, within(1e-9));
    assertThat(quantized.get(0).x().mean()).isEqualTo(5.884, within(1e-9));
    // Of floats, the bitmask is the smallest of the last round.
    List<Chart.Dot> floats = first.curves().get(0).dots();
    assertThat(floats.get(RunFixture.ROUNDS).x().mean()).isLessThan(2);
    Chart.Panel integers =
        chart.panels().stream()
            .filter(panel -> panel.heading().equals("Encoding: int8"))
            .findFirst()
            .orElseThrow();
    assertThat(integers.curves()).extracting(Chart.Curve::name).containsExactly("imp");
  }

  @Test
  void withoutQuantizedModelsTheFigureIsAsItWas() {
    RunFixture fixture = new RunFixture().filled();
    Chart chart = new Charts(fixture.info(), measurements(fixture)).diskSize("size");

    assertThat(chart.panels())
        .extracting(Chart.Panel::heading)
        .containsExactly("Encoding: COO", "Encoding: bitmask");
  }
}

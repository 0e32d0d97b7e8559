package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ParetoTest {
  private static RunFixture model(RunFixture fixture, int round, double accuracy, double size) {
    return fixture
        .with(RunFixture.measured("a", 1, round, "accuracy", accuracy, "%"))
        .with(RunFixture.measured("a", 1, round, "sparsity", 10 * round, "%"))
        .with(RunFixture.measured("a", 1, round, "disk-size/bitmask", size, "MB"))
        .with(RunFixture.measured("a", 1, round, "disk-size/coo-deflated", 0.001, "MB"));
  }

  private static Pareto pareto(RunFixture fixture) {
    return new Pareto(fixture.info(), new Measurements(fixture.info(), fixture.rows()));
  }

  @Test
  void keepsTheModelsThatNoOtherBeatsInBoth() {
    RunFixture fixture = new RunFixture().arms("a").seeds(1L);
    model(fixture, 0, 97, 4);
    model(fixture, 1, 98, 3);
    model(fixture, 2, 96, 3.5);
    model(fixture, 3, 95, 1);

    Table table = pareto(fixture).tables().get(0);

    assertThat(table.title()).isEqualTo("Pareto front of accuracy and size: 2 of 4 models");
    assertThat(table.rows())
        .extracting(row -> row.get(0))
        .containsExactly("a, iteration 3", "a, iteration 1");
    assertThat(table.rows().get(0))
        .containsExactly("a, iteration 3", "30.00", "95.00", "1.000", "bitmask");
    Chart chart = (Chart) pareto(fixture).figures().get(0);
    assertThat(chart.panels().get(0).front())
        .containsExactly(
            new Chart.Point(1, 95),
            new Chart.Point(3, 95),
            new Chart.Point(3, 98),
            new Chart.Point(4, 98));
  }

  @Test
  void namesModelsThatArmsShareOnce() {
    RunFixture fixture = new RunFixture().collapsing(30).filled();

    assertThat(pareto(fixture).tables()).hasSize(2);
    assertThat(pareto(fixture).figures())
        .extracting(Figure::id)
        .containsExactly("pareto-size", "pareto-latency");
    assertThat(pareto(fixture).tables().get(0).title()).endsWith("of 11 models");
  }

  @Test
  void isNotThereWithoutAccuracyOrWithOneModel() {
    RunFixture fixture = new RunFixture().arms("a").seeds(1L);
    assertThat(pareto(fixture).figures()).isEmpty();

    assertThat(pareto(model(fixture, 0, 97, 4)).tables()).isEmpty();
  }
}

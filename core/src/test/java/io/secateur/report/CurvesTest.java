package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.report.Chart.Curve;
import io.secateur.study.RunInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CurvesTest {
  private static RunInfo grid(String by, List<RunInfo.Arm> arms) {
    RunInfo info = new RunFixture().info();
    return new RunInfo(
        info.study(),
        info.version(),
        info.seeds(),
        info.threads(),
        arms,
        info.quantities(),
        info.figures(),
        by,
        info.machine(),
        info.overrides(),
        info.differences(),
        info.text(),
        info.nodes(),
        info.reused(),
        info.seconds(),
        info.failures(),
        info.data(),
        info.model());
  }

  private static List<Curve> sparsities(int rounds) {
    List<RunInfo.Arm> arms = new ArrayList<>();
    RunFixture fixture = new RunFixture();
    for (String method : List.of("l1", "random")) {
      for (String amount : List.of("90", "50")) {
        String arm = method + "+" + amount;
        arms.add(new RunInfo.Arm(arm, Map.of("method", method, "amount", amount)));
        for (int round = 0; round <= rounds; round++) {
          double sparsity = Double.parseDouble(amount) * (round + 1) / (rounds + 1);
          fixture.with(RunFixture.measured(arm, 1, round, "sparsity", sparsity, "%"));
          fixture.with(RunFixture.measured(arm, 1, round, "accuracy", 97, "%"));
        }
      }
    }
    RunInfo info = grid("method", arms);
    return new Curves(info, new Measurements(info, fixture.rows()))
        .of("sparsity", "accuracy", 1, false);
  }

  @Test
  void saysWhetherALineIsAnArmOrALabel() {
    assertThat(Curves.each("method", sparsities(0))).isEqualTo("method");
    assertThat(Curves.each("method", sparsities(2))).isEqualTo("arm, a colour per method");
    assertThat(Curves.each("", sparsities(2))).isEqualTo("arm");
  }

  @Test
  void joinsTheSinglePointsOfArmsThatShareALabel() {
    List<Curve> curves = sparsities(0);

    assertThat(curves).extracting(Curve::name).containsExactly("l1", "random");
    assertThat(curves.get(0).dots()).extracting(dot -> dot.x().mean()).containsExactly(50.0, 90.0);
  }

  @Test
  void keepsArmsWithRoundsApartAndInOneColour() {
    List<Curve> curves = sparsities(2);

    assertThat(curves)
        .extracting(Curve::name)
        .containsExactly("l1+90", "l1+50", "random+90", "random+50");
    assertThat(curves).extracting(Curve::colour).containsExactly(0, 0, 1, 1);
    assertThat(curves).extracting(Curve::shape).doesNotHaveDuplicates();
  }

  @Test
  void leavesOutPointsThatAreNotFinite() {
    RunFixture fixture =
        new RunFixture()
            .with(RunFixture.measured("imp", 1, 0, "sparsity", 0, "%"))
            .with(RunFixture.measured("imp", 1, 0, "accuracy", 97, "%"))
            .with(RunFixture.measured("imp", 1, 1, "sparsity", 33, "%"))
            .with(RunFixture.measured("imp", 1, 1, "accuracy", Double.NaN, "%"));
    Measurements measurements = new Measurements(fixture.info(), fixture.rows());

    List<Curve> curves =
        new Curves(fixture.info(), measurements).of("sparsity", "accuracy", 1, false);

    assertThat(curves).singleElement().extracting(curve -> curve.dots().size()).isEqualTo(1);
  }

  @Test
  void drawsBandsFromThreeSeedsOnAndSingleSeedsBelowFive() {
    for (int n : new int[] {1, 2, 3, 4, 5}) {
      Long[] seeds = new Long[n];
      for (int i = 0; i < n; i++) {
        seeds[i] = i + 1L;
      }
      RunFixture fixture = new RunFixture().seeds(seeds).filled();
      Measurements measurements = new Measurements(fixture.info(), fixture.rows());

      Curve curve =
          new Curves(fixture.info(), measurements).of("sparsity", "accuracy", 1, false).get(0);

      assertThat(curve.band()).as("band of %d seeds", n).isEqualTo(n >= 3);
      assertThat(curve.dots().get(0).shownSeeds())
          .as("points of %d seeds", n)
          .hasSize(n > 1 && n < 5 ? n : 0);
    }
  }

  @Test
  void showsSmallDifferencesAndCollapsesAlike() {
    assertThat(Chart.Range.ofPercent(97, 98)).isEqualTo(new Chart.Range(97 - 0.07, 98 + 0.07));
    assertThat(Chart.Range.ofPercent(11, 98)).isEqualTo(new Chart.Range(0, 100));
    assertThat(Chart.Range.ofPercent(97.5, 97.5)).isEqualTo(new Chart.Range(97, 98));
    assertThat(Chart.Range.ofPercent(80, 100).high()).isEqualTo(100);
  }
}

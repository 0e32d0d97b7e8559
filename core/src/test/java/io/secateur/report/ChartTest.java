package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.report.Chart.Curve;
import io.secateur.report.Chart.Dot;
import io.secateur.report.Chart.Panel;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChartTest {
  private static Chart of(double accuracy, double halfWidth) {
    Dot dot = new Dot(new Interval(50, 0, 3), new Interval(accuracy, halfWidth, 3), List.of());
    Curve curve = new Curve("imp", 0, 0, false, List.of(dot));
    Panel panel = new Panel("", "Sparsity (%)", List.of(curve), Double.NaN, "");
    return new Chart(
        "id",
        "Title",
        "",
        "One line.",
        new Chart.Upwards("Accuracy (%)", true),
        List.of(panel),
        false);
  }

  @Test
  void saysThatIntervalsEndWhereAccuracyDoes() {
    assertThat(of(94, 8).caption()).endsWith("Intervals are cut at 100 %.");
    assertThat(of(94, 6).caption()).endsWith("The vertical axis does not start at 0.");
  }
}

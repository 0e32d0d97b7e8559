package io.secateur.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.secateur.report.Figure.Curve;
import io.secateur.report.Figure.Dot;
import io.secateur.report.Figure.Panel;
import java.util.List;
import org.junit.jupiter.api.Test;

class FigureTest {
  private static Figure of(double accuracy, double halfWidth) {
    Dot dot = new Dot(new Interval(50, 0, 3), new Interval(accuracy, halfWidth, 3), List.of());
    Curve curve = new Curve("imp", 0, 0, false, List.of(dot));
    Panel panel = new Panel("", "Sparsity (%)", List.of(curve), Double.NaN, "");
    return new Figure("id", "Title", "", "One line.", "Accuracy (%)", List.of(panel), false);
  }

  @Test
  void saysThatIntervalsEndWhereAccuracyDoes() {
    assertThat(Contents.caption(of(94, 8))).endsWith("Intervals are cut at 100 %.");
    assertThat(Contents.caption(of(94, 6))).endsWith("The vertical axis does not start at 0.");
  }
}

package io.secateur.report;

import io.secateur.report.Chart.Curve;
import io.secateur.report.Chart.Dot;
import io.secateur.report.Chart.Panel;
import io.secateur.report.Chart.Point;
import io.secateur.report.Chart.Range;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.AxesChartStyler;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** One set of axes with its curves: bands or bars behind, single seeds, means in front. */
final class PanelChart {
  static final int MARKER = 8;

  private static final int BAND_ALPHA = 46;
  private static final int SEED_ALPHA = 120;

  /** Below this range, in points, ticks have a digit after the point. */
  private static final double FINE = 8;

  private static final double NEAR = 8;

  private final XYChart chart;
  private final Chart whole;
  private final Panel panel;
  private final Range range;

  PanelChart(Chart whole, Panel panel, Typeface typeface, boolean leftmost) {
    this.whole = whole;
    this.panel = panel;
    range = whole.yRange();
    chart =
        new XYChartBuilder()
            .title(panel.heading())
            .xAxisTitle(panel.xTitle())
            .yAxisTitle(leftmost ? whole.y().title() : "")
            .build();
    style(whole, typeface, panel, leftmost);
    // What is added first is painted first.
    panel.curves().stream().filter(Curve::band).forEach(this::band);
    if (!Double.isNaN(panel.reference())) {
      rule(panel.reference());
    }
    panel.curves().stream().filter(curve -> !curve.band()).forEach(this::bars);
    if (!panel.front().isEmpty()) {
      front(panel.front());
    }
    panel.curves().forEach(this::seeds);
    Map<Integer, Integer> sharing = new HashMap<>();
    for (Curve curve : panel.curves()) {
      means(curve, sharing.merge(curve.colour(), 1, Integer::sum) - 1);
    }
  }

  void paint(Graphics2D g, int width, int height) {
    chart.paint(g, width, height);
    Numbers x = panel.xNumbers();
    Numbers y = whole.yNumbers();
    for (Curve curve : panel.curves()) {
      for (Dot dot : curve.dots()) {
        HintedGraphics.hint(
            g,
            chart.getScreenXFromChart(dot.x().mean()),
            chart.getScreenYFromChart(dot.y().mean()),
            NEAR,
            "%s\n%s: %s\n%s: %s\n%s"
                .formatted(
                    curve.name(),
                    panel.xTitle(),
                    x.text(dot.x()),
                    whole.y().title(),
                    y.text(dot.y()),
                    Words.count(dot.y().n(), "seed")));
      }
    }
  }

  private void style(Chart whole, Typeface typeface, Panel panel, boolean leftmost) {
    XYStyler style = chart.getStyler();
    style.setLocale(Locale.ROOT);
    style.setLegendVisible(false);
    style.setChartTitleVisible(!panel.heading().isEmpty());
    style.setChartTitleBoxVisible(false);
    style.setChartTitleFont(typeface.size(12.5f));
    style.setChartFontColor(Palette.INK);
    style.setChartBackgroundColor(Color.WHITE);
    style.setPlotBackgroundColor(Color.WHITE);
    style.setPlotBorderVisible(false);
    style.setPlotContentSize(0.94);
    style.setChartPadding(4);
    style.setPlotGridVerticalLinesVisible(false);
    style.setPlotGridLinesColor(Palette.GRID);
    style.setPlotGridLinesStroke(new BasicStroke(1f));
    style.setAxisTitleFont(typeface.size(12));
    style.setAxisTickLabelsFont(typeface.size(11));
    style.setAxisTickLabelsColor(Palette.INK);
    style.setAxisTickMarksColor(Palette.FAINT_INK);
    style.setAxisTickMarksStroke(new BasicStroke(1f));
    style.setXAxisTickMarkSpacingHint(80);
    style.setYAxisTickMarkSpacingHint(44);
    style.setYAxisTitleVisible(leftmost);
    style.setYAxisLabelAlignment(AxesChartStyler.TextAlignment.Right);
    style.setYAxisMin(range.low());
    style.setYAxisMax(range.high());
    style.setYAxisDecimalPattern(
        whole.y().percent()
            ? (range.high() - range.low() < FINE ? "0.0#" : "0")
            : Ticks.pattern(range.low(), range.high()));
    if (whole.fromZero()) {
      style.setXAxisMin(0.0);
    }
    DoubleSummaryStatistics x =
        panel.curves().stream()
            .flatMap(curve -> curve.dots().stream())
            .mapToDouble(dot -> dot.x().mean())
            .summaryStatistics();
    double low = whole.fromZero() ? 0 : x.getMin();
    if (x.getMax() > low) {
      style.setXAxisDecimalPattern(Ticks.pattern(low, x.getMax()));
    }
    style.setMarkerSize(MARKER);
  }

  private void band(Curve curve) {
    List<Dot> dots = curve.dots();
    int n = dots.size();
    double[] x = new double[2 * n];
    double[] y = new double[2 * n];
    for (int i = 0; i < n; i++) {
      Interval mean = dots.get(i).y();
      x[i] = dots.get(i).x().mean();
      x[2 * n - 1 - i] = x[i];
      y[i] = shown(mean.high());
      y[2 * n - 1 - i] = shown(mean.low());
    }
    XYSeries band = chart.addSeries(curve.name() + " band", x, y);
    band.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
    band.setFillColor(Palette.translucent(curve.colour(), BAND_ALPHA));
    band.setLineColor(Palette.NOTHING);
    band.setMarker(SeriesMarkers.NONE);
  }

  private double shown(double y) {
    return Math.max(range.low(), Math.min(range.high(), y));
  }

  private void bars(Curve curve) {
    int number = 0;
    for (Dot dot : curve.dots()) {
      if (dot.trusted()) {
        double x = dot.x().mean();
        double y = dot.y().mean();
        number++;
        bar(curve, "up " + number, x, shown(dot.y().low()), x, shown(dot.y().high()));
        if (dot.x().spread()) {
          bar(curve, "across " + number, dot.x().low(), y, dot.x().high(), y);
        }
      }
    }
  }

  private void bar(Curve curve, String name, double x0, double y0, double x1, double y1) {
    XYSeries bar =
        chart.addSeries(
            curve.name() + " bar " + name, new double[] {x0, x1}, new double[] {y0, y1});
    bar.setLineColor(Palette.translucent(curve.colour(), SEED_ALPHA));
    bar.setLineStyle(new BasicStroke(1.4f));
    bar.setMarker(SeriesMarkers.NONE);
  }

  private void rule(double x) {
    XYSeries rule =
        chart.addSeries("rule", new double[] {x, x}, new double[] {range.low(), range.high()});
    rule.setLineColor(Palette.FAINT_INK);
    rule.setLineStyle(Palette.rule());
    rule.setMarker(SeriesMarkers.NONE);
  }

  private void front(List<Point> corners) {
    XYSeries front =
        chart.addSeries(
            "front",
            corners.stream().mapToDouble(Point::x).toArray(),
            corners.stream().mapToDouble(Point::y).toArray());
    front.setLineColor(Palette.INK);
    front.setLineStyle(new BasicStroke(1.3f));
    front.setMarker(SeriesMarkers.NONE);
  }

  private void seeds(Curve curve) {
    List<Point> points = new ArrayList<>();
    curve.dots().forEach(dot -> points.addAll(dot.shownSeeds()));
    if (!points.isEmpty()) {
      XYSeries seeds =
          chart.addSeries(
              curve.name() + " seeds",
              points.stream().mapToDouble(Point::x).toArray(),
              points.stream().mapToDouble(Point::y).toArray());
      seeds.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
      seeds.setMarker(Palette.SEED);
      seeds.setMarkerColor(Palette.translucent(curve.colour(), SEED_ALPHA));
    }
  }

  private void means(Curve curve, int among) {
    XYSeries means =
        chart.addSeries(
            curve.name(),
            curve.dots().stream().mapToDouble(dot -> dot.x().mean()).toArray(),
            curve.dots().stream().mapToDouble(dot -> dot.y().mean()).toArray());
    means.setLineColor(
        !panel.front().isEmpty()
            ? Palette.NOTHING
            : curve.bars()
                ? Palette.translucent(curve.colour(), SEED_ALPHA)
                : Palette.colour(curve.colour()));
    means.setLineStyle(Palette.stroke(among));
    means.setMarker(Palette.marker(curve.shape()));
    means.setMarkerColor(Palette.colour(curve.colour()));
  }
}

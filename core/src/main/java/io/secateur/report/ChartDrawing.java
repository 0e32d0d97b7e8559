package io.secateur.report;

import io.secateur.report.Chart.Curve;
import io.secateur.report.Chart.Panel;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Line2D;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Draws a chart: title, how to read it, a legend, and its panels, two side by side. All figures are
 * of one width, so that letters have one size wherever they are scaled to the same width.
 */
final class ChartDrawing implements Drawing {
  private static final int MARGIN = Sheet.MARGIN;
  private static final int INNER_WIDTH = Sheet.INNER_WIDTH;
  private static final int MOST_ABREAST = 2;

  /** What the title of the vertical axis takes, which only the leftmost panels have. */
  private static final int AXIS_TITLE = 20;

  private static final int PANEL_HEIGHT = 340;
  private static final int LEGEND_TOP = 58;
  private static final int LEGEND_ROW = 20;
  private static final int SAMPLE = 30;
  private static final int GAP = 24;

  private final Chart chart;
  private final Typeface typeface;

  ChartDrawing(Chart chart, Typeface typeface) {
    this.chart = chart;
    this.typeface = typeface;
  }

  @Override
  public int width() {
    return 2 * MARGIN + INNER_WIDTH;
  }

  private int abreast() {
    return Math.min(MOST_ABREAST, chart.panels().size());
  }

  @Override
  public int height(Graphics2D g) {
    int rows = (chart.panels().size() + abreast() - 1) / abreast();
    return panelTop(g) + rows * PANEL_HEIGHT + MARGIN / 2;
  }

  private int panelTop(Graphics2D g) {
    return LEGEND_TOP + LEGEND_ROW * legend(g, false) + 4;
  }

  @Override
  public void paint(Graphics2D g) {
    Sheet.smooth(g);
    int top = panelTop(g);
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, width(), height(g));
    g.setColor(Palette.INK);
    g.setFont(typeface.size(16));
    g.drawString(chart.title(), MARGIN, 24);
    g.setColor(Palette.FAINT_INK);
    g.setFont(typeface.size(11.5f));
    g.drawString(chart.subtitle(), MARGIN, 44);
    legend(g, true);
    List<Panel> panels = chart.panels();
    int others = (INNER_WIDTH - AXIS_TITLE) / abreast();
    for (int i = 0; i < panels.size(); i++) {
      int column = i % abreast();
      int left = MARGIN + (column == 0 ? 0 : AXIS_TITLE + column * others);
      int down = top + i / abreast() * PANEL_HEIGHT;
      g.translate(left, down);
      new PanelChart(chart, panels.get(i), typeface, column == 0)
          .paint(g, column == 0 ? AXIS_TITLE + others : others, PANEL_HEIGHT);
      g.translate(-left, -down);
    }
  }

  /** Draws, or only lays out, the legend; returns its number of rows. */
  private int legend(Graphics2D g, boolean draw) {
    g.setFont(typeface.size(12));
    int x = MARGIN;
    int row = 0;
    Map<Integer, Integer> sharing = new HashMap<>();
    for (Curve curve : chart.legend()) {
      int among = sharing.merge(curve.colour(), 1, Integer::sum) - 1;
      int width = SAMPLE + 7 + g.getFontMetrics().stringWidth(curve.name()) + GAP;
      if (x > MARGIN && x + width - GAP > width()) {
        x = MARGIN;
        row++;
      }
      if (draw) {
        boolean joined = chart.panels().get(0).front().isEmpty();
        sample(g, curve, among, joined, x, LEGEND_TOP + row * LEGEND_ROW + LEGEND_ROW / 2);
      }
      x += width;
    }
    boolean front = !chart.panels().get(0).front().isEmpty();
    String rule = front ? Pareto.NAME : chart.panels().get(0).referenceName();
    if (!rule.isEmpty()) {
      int width = SAMPLE + 7 + g.getFontMetrics().stringWidth(rule);
      if (x > MARGIN && x + width > width()) {
        x = MARGIN;
        row++;
      }
      if (draw) {
        int y = LEGEND_TOP + row * LEGEND_ROW + LEGEND_ROW / 2;
        Color ink = front ? Palette.INK : Palette.FAINT_INK;
        line(g, x, y, ink, front ? new BasicStroke(1.3f) : Palette.rule());
        name(g, rule, x, y);
      }
    }
    return row + 1;
  }

  private static void sample(Graphics2D g, Curve curve, int among, boolean joined, int x, int y) {
    Color colour = Palette.colour(curve.colour());
    g.setColor(colour);
    if (joined) {
      line(g, x, y, colour, Palette.stroke(among));
    }
    g.setStroke(new BasicStroke(1));
    Palette.marker(curve.shape()).paint(g, x + SAMPLE / 2.0, y, PanelChart.MARKER);
    name(g, curve.name(), x, y);
  }

  private static void line(Graphics2D g, int x, int y, Color colour, BasicStroke stroke) {
    g.setColor(colour);
    g.setStroke(stroke);
    g.draw(new Line2D.Double(x, y, x + SAMPLE, y));
  }

  private static void name(Graphics2D g, String name, int x, int y) {
    g.setColor(Palette.INK);
    g.drawString(name, x + SAMPLE + 7, y + 4);
  }
}

package io.secateur.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Line2D;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;

/**
 * What drawings of tiles have in common: the width of all figures, heading and subtitle, and the
 * few strokes that they are made of. Those that extend it draw what is under the subtitle.
 */
abstract class Sheet implements Drawing {
  static final int MARGIN = 14;
  static final int INNER_WIDTH = 720;

  private static final int TITLE = 24;
  private static final int SUBTITLE = 44;
  private static final int SUBTITLE_LINE = 15;
  private static final float SUBTITLE_SIZE = 11.5f;

  private final Figure figure;
  private final Typeface typeface;

  Sheet(Figure figure, Typeface typeface) {
    this.figure = figure;
    this.typeface = typeface;
  }

  /** Returns how high the drawing under the subtitle is. */
  abstract int bodyHeight(Graphics2D g);

  /** Draws what is under the subtitle, from 0 down and from 0 to {@link #innerWidth} across. */
  abstract void body(Graphics2D g);

  @Override
  public int width() {
    return 2 * MARGIN + innerWidth();
  }

  /** Returns how wide the drawing between the margins is. */
  int innerWidth() {
    return INNER_WIDTH;
  }

  @Override
  public int height(Graphics2D g) {
    return top(g) + bodyHeight(g) + MARGIN;
  }

  private int top(Graphics2D g) {
    return SUBTITLE + SUBTITLE_LINE * (subtitle(g).size() - 1) + 14;
  }

  private List<String> subtitle(Graphics2D g) {
    return broken(g, figure.subtitle(), SUBTITLE_SIZE, innerWidth());
  }

  @Override
  public void paint(Graphics2D g) {
    smooth(g);
    g.setColor(Color.WHITE);
    g.fillRect(0, 0, width(), height(g));
    text(g, figure.title(), MARGIN, TITLE, 16, Palette.INK);
    int y = SUBTITLE;
    for (String line : subtitle(g)) {
      text(g, line, MARGIN, y, SUBTITLE_SIZE, Palette.FAINT_INK);
      y += SUBTITLE_LINE;
    }
    int top = top(g);
    g.translate(MARGIN, top);
    body(g);
    g.translate(-MARGIN, -top);
  }

  /** Asks for smooth edges and letters, and for images whose pixels stay squares. */
  static void smooth(Graphics2D g) {
    g.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_FRACTIONALMETRICS, RenderingHints.VALUE_FRACTIONALMETRICS_ON);
    g.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
  }

  final void text(Graphics2D g, String text, double x, double y, float size, Color colour) {
    g.setFont(typeface.size(size));
    g.setColor(colour);
    g.drawString(text, (float) x, (float) y);
  }

  final void centred(Graphics2D g, String text, double x, double y, float size, Color colour) {
    text(g, text, x - width(g, text, size) / 2, y, size, colour);
  }

  final void right(Graphics2D g, String text, double x, double y, float size, Color colour) {
    text(g, text, x - width(g, text, size), y, size, colour);
  }

  final double width(Graphics2D g, String text, float size) {
    g.setFont(typeface.size(size));
    return g.getFontMetrics().getStringBounds(text, g).getWidth();
  }

  /** Returns a text cut to a width, with an ellipsis where it was cut. */
  final String fitting(Graphics2D g, String text, float size, double width) {
    String cut = text;
    while (!cut.isEmpty() && width(g, cut.equals(text) ? cut : cut + "…", size) > width) {
      cut = cut.substring(0, cut.length() - 1);
    }
    return cut.equals(text) ? text : cut.strip() + "…";
  }

  /** Returns a text broken at spaces into lines of at most a width. */
  final List<String> broken(Graphics2D g, String text, float size, double width) {
    List<String> lines = new ArrayList<>();
    String line = "";
    for (String word : text.split(" ", -1)) {
      String longer = line.isEmpty() ? word : line + " " + word;
      if (!line.isEmpty() && width(g, longer, size) > width) {
        lines.add(line);
        longer = word;
      }
      line = longer;
    }
    lines.add(line);
    return lines;
  }

  static void fill(Graphics2D g, double x, double y, double width, double height, Color colour) {
    g.setColor(colour);
    g.fill(new Rectangle2D.Double(x, y, width, height));
  }

  static void frame(
      Graphics2D g, double x, double y, double width, double height, Color colour, float stroke) {
    g.setColor(colour);
    g.setStroke(new BasicStroke(stroke, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER));
    g.draw(new Rectangle2D.Double(x, y, width, height));
  }

  static void line(
      Graphics2D g, double x0, double y0, double x1, double y1, Color colour, float stroke) {
    g.setColor(colour);
    g.setStroke(new BasicStroke(stroke));
    g.draw(new Line2D.Double(x0, y0, x1, y1));
  }
}

package io.secateur.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Ellipse2D;
import java.util.List;
import org.knowm.xchart.style.markers.Marker;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * Colours, markers and strokes: Okabe and Ito's colours, which differ also for the colour-blind,
 * and markers that differ also in black and white.
 */
final class Palette {
  static final Color INK = new Color(0x222222);
  static final Color FAINT_INK = new Color(0x5A5A5A);
  static final Color GRID = new Color(0xE4E4E4);
  static final Color PRUNED = new Color(0xA0A0A0);
  static final Color NOTHING = new Color(0, 0, 0, 0);

  private static final List<Color> COLOURS =
      List.of(
          new Color(0x0072B2),
          new Color(0xD55E00),
          new Color(0x009E73),
          new Color(0xCC79A7),
          new Color(0xE69F00),
          new Color(0x56B4E9),
          new Color(0x000000));

  private static final double DARK = 0.55;

  /** Brewer's sequence of blues, every second of nine. */
  private static final List<Color> BLUES =
      List.of(
          new Color(0xF7FBFF),
          new Color(0xC6DBEF),
          new Color(0x6BAED6),
          new Color(0x2171B5),
          new Color(0x08306B));

  private static final List<Marker> MARKERS =
      List.of(
          SeriesMarkers.CIRCLE,
          SeriesMarkers.SQUARE,
          SeriesMarkers.TRIANGLE_UP,
          SeriesMarkers.DIAMOND,
          SeriesMarkers.TRIANGLE_DOWN);

  private static final List<BasicStroke> STROKES =
      List.of(stroke(), stroke(7, 4), stroke(2, 3), stroke(8, 3, 2, 3));

  /** A seed among others: small, whatever the size of the chart's markers. */
  static final Marker SEED =
      new Marker() {
        private static final double WIDTH = 4;

        @Override
        public void paint(Graphics2D g, double x, double y, int size) {
          g.fill(new Ellipse2D.Double(x - WIDTH / 2, y - WIDTH / 2, WIDTH, WIDTH));
        }
      };

  private Palette() {}

  private static BasicStroke stroke(float... dashes) {
    return new BasicStroke(
        2f,
        BasicStroke.CAP_BUTT,
        BasicStroke.JOIN_ROUND,
        10f,
        dashes.length == 0 ? null : dashes,
        0f);
  }

  /** Returns how many colours there are before they come again. */
  static int colours() {
    return COLOURS.size();
  }

  static Color colour(int index) {
    return COLOURS.get(index % COLOURS.size());
  }

  /** Returns a blue, from nearly white at 0 to dark at 1; darkness grows with the share. */
  static Color blue(double share) {
    double at = Math.max(0, Math.min(1, share)) * (BLUES.size() - 1);
    int below = (int) Math.min(BLUES.size() - 2, Math.floor(at));
    Color low = BLUES.get(below);
    Color high = BLUES.get(below + 1);
    double part = at - below;
    return new Color(
        mixed(low.getRed(), high.getRed(), part),
        mixed(low.getGreen(), high.getGreen(), part),
        mixed(low.getBlue(), high.getBlue(), part));
  }

  private static int mixed(int low, int high, double part) {
    return (int) Math.round(low + part * (high - low));
  }

  /** Returns the ink that can be read on that blue. */
  static Color on(double share) {
    return share > DARK ? Color.WHITE : INK;
  }

  static Color translucent(int index, int alpha) {
    Color colour = colour(index);
    return new Color(colour.getRed(), colour.getGreen(), colour.getBlue(), alpha);
  }

  static Marker marker(int shape) {
    return MARKERS.get(shape % MARKERS.size());
  }

  /** Returns a solid stroke for the first of a colour, dashed ones for those that share it. */
  static BasicStroke stroke(int among) {
    return STROKES.get(among % STROKES.size());
  }

  static BasicStroke rule() {
    return new BasicStroke(
        1.2f, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 10f, new float[] {4, 4}, 0f);
  }
}

package io.secateur.report;

import java.awt.Graphics2D;
import java.awt.Shape;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.batik.svggen.SVGGeneratorContext;
import org.apache.batik.svggen.SVGGraphics2D;

/**
 * Graphics that write SVG and remember what is to be read where the pointer rests. In an SVG that
 * is a {@code <title>}, which browsers show without any script.
 */
final class HintedGraphics extends SVGGraphics2D {
  /** Hints whose centres are this near, in units of the figure, are read together. */
  private static final double SAME_PLACE = 2;

  private final List<Hint> hints = new ArrayList<>();

  HintedGraphics(SVGGeneratorContext context) {
    super(context, false);
  }

  /** A text, and where it is read. */
  private record Hint(Rectangle2D place, String text) {
    boolean at(Rectangle2D other) {
      return Math.abs(place.getCenterX() - other.getCenterX()) < SAME_PLACE
          && Math.abs(place.getCenterY() - other.getCenterY()) < SAME_PLACE;
    }
  }

  /**
   * Says something about a place, in the coordinates that are drawn in now; of a figure that is
   * drawn as pixels nothing can be said.
   */
  static void hint(Graphics2D g, Shape place, String text) {
    if (g instanceof HintedGraphics hinted) {
      hinted.add(g.getTransform().createTransformedShape(place).getBounds2D(), text);
    }
  }

  /** Says something about the surroundings of a point. */
  static void hint(Graphics2D g, double x, double y, double radius, String text) {
    hint(g, new Rectangle2D.Double(x - radius, y - radius, 2 * radius, 2 * radius), text);
  }

  private void add(Rectangle2D place, String text) {
    for (int i = 0; i < hints.size(); i++) {
      Hint earlier = hints.get(i);
      if (earlier.at(place)) {
        hints.set(i, new Hint(earlier.place(), earlier.text() + "\n\n" + text));
        return;
      }
    }
    hints.add(new Hint(place, text));
  }

  /** Returns the hints as SVG, transparent, to lie over all else; empty when there are none. */
  String overlay() {
    if (hints.isEmpty()) {
      return "";
    }
    StringBuilder svg =
        new StringBuilder(
            "<g class=\"hints\" fill=\"none\" stroke=\"none\" pointer-events=\"all\"\n>");
    for (Hint hint : hints) {
      Rectangle2D place = hint.place();
      svg.append(
          String.format(
              Locale.ROOT,
              "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\"><title>%s"
                  + "</title></rect\n>",
              place.getX(),
              place.getY(),
              place.getWidth(),
              place.getHeight(),
              Html.escaped(hint.text())));
    }
    return svg.append("</g\n>").toString();
  }
}

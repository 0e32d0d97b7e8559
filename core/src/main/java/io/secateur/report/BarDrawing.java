package io.secateur.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;

/** Draws horizontal bars, those of a layer together. */
final class BarDrawing extends Sheet {
  private static final int BAR = 13;
  private static final int BETWEEN = 10;
  private static final int LEGEND_ROW = 18;
  private static final int AXIS = 38;
  private static final int VALUE = 96;
  private static final int LONGEST_NAME = 190;
  private static final float LETTERS = 11;
  private static final double HATCH = 5;

  private final LayerBars bars;

  BarDrawing(LayerBars bars, Typeface typeface) {
    super(bars, typeface);
    this.bars = bars;
  }

  private double group() {
    return Math.max(BAR * bars.bars().size(), BAR + 2) + BETWEEN;
  }

  @Override
  int bodyHeight(Graphics2D g) {
    return (int) Math.ceil(legend(g, false) + bars.layers().size() * group() + AXIS);
  }

  @Override
  void body(Graphics2D g) {
    double top = legend(g, true);
    double bottom = top + bars.layers().size() * group();
    double left = names(g);
    double right = INNER_WIDTH - VALUE;
    for (int percent = 0; percent <= 100; percent += 20) {
      double x = left + (right - left) * percent / 100;
      line(g, x, top, x, bottom, percent == 0 ? Palette.FAINT_INK : Palette.GRID, 1);
      centred(g, Integer.toString(percent), x, bottom + 15, LETTERS, Palette.INK);
    }
    centred(g, "Sparsity (%)", (left + right) / 2, bottom + 33, 12, Palette.INK);
    double y = top + BETWEEN / 2.0;
    for (LayerBars.Layer layer : bars.layers()) {
      double middle = y + BAR * bars.bars().size() / 2.0;
      right(g, name(g, layer), left - 8, middle + 4, LETTERS, Palette.INK);
      for (int i = 0; i < layer.sparsities().size(); i++) {
        Interval sparsity = layer.sparsities().get(i);
        bar(g, sparsity, i, left, right, y + i * BAR);
        if (sparsity.n() > 0) {
          HintedGraphics.hint(
              g,
              new Rectangle2D.Double(left, y + i * BAR, right - left, BAR - 1.0),
              "%s\n%s: %s %%\n%s"
                  .formatted(
                      bars.bars().get(i),
                      layer.name(),
                      new Numbers(2).text(sparsity),
                      Words.count(sparsity.n(), "seed")));
        }
      }
      y += group();
    }
  }

  private double names(Graphics2D g) {
    return 12
        + bars.layers().stream()
            .mapToDouble(layer -> width(g, name(g, layer), LETTERS))
            .max()
            .orElse(0);
  }

  private String name(Graphics2D g, LayerBars.Layer layer) {
    return fitting(g, layer.name(), LETTERS, LONGEST_NAME);
  }

  private void bar(
      Graphics2D g, Interval sparsity, int index, double left, double right, double y) {
    if (sparsity.n() == 0) {
      text(g, "not measured", left + 5, y + BAR - 3, 9.5f, Palette.FAINT_INK);
      return;
    }
    double length = (right - left) * Math.max(0, Math.min(100, sparsity.mean())) / 100;
    box(g, index, left, y, length);
    double end = left + length;
    if (sparsity.n() > 2 && sparsity.spread()) {
      double half = (right - left) * sparsity.halfWidth() / 100;
      double from = Math.max(left, end - half);
      double to = Math.min(right, end + half);
      double middle = y + (BAR - 1) / 2.0;
      line(g, from, middle, to, middle, Palette.INK, 1);
      line(g, from, middle - 2.5, from, middle + 2.5, Palette.INK, 1);
      line(g, to, middle - 2.5, to, middle + 2.5, Palette.INK, 1);
      end = Math.max(end, to);
    }
    String number = new Numbers(2).text(sparsity);
    fill(g, end + 4, y, width(g, number, 9.5f) + 2, BAR - 1, Color.WHITE);
    text(g, number, end + 5, y + BAR - 3, 9.5f, Palette.INK);
  }

  /** Colours come again after a while; the second time they are hatched. */
  private static void box(Graphics2D g, int index, double x, double y, double length) {
    fill(g, x, y, length, BAR - 1, Palette.colour(index));
    if (index >= Palette.colours()) {
      for (double at = HATCH; at < length; at += HATCH) {
        line(g, x + at, y, x + at - Math.min(HATCH, at) + 1, y + BAR - 1, Color.WHITE, 1);
      }
    }
  }

  private double legend(Graphics2D g, boolean draw) {
    if (bars.bars().size() < 2) {
      return 2;
    }
    double x = 0;
    double y = 0;
    for (int i = 0; i < bars.bars().size(); i++) {
      String name = fitting(g, bars.bars().get(i), LETTERS, INNER_WIDTH - 40.0);
      double width = 26 + width(g, name, LETTERS) + 20;
      if (x > 0 && x + width - 20 > INNER_WIDTH) {
        x = 0;
        y += LEGEND_ROW;
      }
      if (draw) {
        box(g, i, x, y, 20);
        text(g, name, x + 26, y + 10, LETTERS, Palette.INK);
      }
      x += width;
    }
    return y + LEGEND_ROW + 6;
  }
}

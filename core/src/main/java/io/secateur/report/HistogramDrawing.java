package io.secateur.report;

import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

/** Draws histograms: a row per layer, a column per moment. */
final class HistogramDrawing extends Sheet {
  private static final int HEADING = 22;
  private static final int NAME = 20;
  private static final int COUNT = 28;
  private static final int PLOT = 84;
  private static final int AXIS = 26;
  private static final int GAP = 24;
  private static final float LETTERS = 10;
  private static final Numbers FINE = new Numbers(4);

  private final Histograms histograms;
  private final double panel;

  HistogramDrawing(Histograms histograms, Typeface typeface) {
    super(histograms, typeface);
    this.histograms = histograms;
    int columns = Math.max(2, histograms.moments().size());
    this.panel = (INNER_WIDTH - GAP * (columns - 1.0)) / columns;
  }

  private static int row() {
    return NAME + COUNT + PLOT + AXIS;
  }

  @Override
  int bodyHeight(Graphics2D g) {
    return HEADING + histograms.layers().size() * row();
  }

  @Override
  void body(Graphics2D g) {
    for (int i = 0; i < histograms.moments().size(); i++) {
      String title = fitting(g, histograms.moments().get(i), 12, panel);
      text(g, title, i * (panel + GAP), 12, 12, Palette.INK);
    }
    double y = HEADING;
    for (Histograms.Layer layer : histograms.layers()) {
      text(g, layer.name(), 0, y + 14, 11.5f, Palette.INK);
      for (int i = 0; i < layer.counted().size(); i++) {
        panel(g, layer, layer.counted().get(i), i * (panel + GAP), y + NAME);
      }
      y += row();
    }
  }

  private void panel(
      Graphics2D g, Histograms.Layer layer, Histograms.Counted counted, double left, double top) {
    text(g, fitting(g, words(counted), LETTERS, panel), left, top + 10, LETTERS, Palette.FAINT_INK);
    double base = top + COUNT + PLOT;
    long most = counted.bins().stream().mapToLong(Long::longValue).max().orElse(0);
    line(g, left, top + COUNT + 4, left + panel, top + COUNT + 4, Palette.GRID, 1);
    List<Long> bins = counted.bins();
    double width = panel / bins.size();
    for (int i = 0; i < bins.size(); i++) {
      if (bins.get(i) > 0) {
        double height = Math.max(0.8, (PLOT - 4.0) * bins.get(i) / most);
        fill(g, left + i * width, base - height, width - 0.6, height, Palette.colour(0));
        double bin = 2 * layer.reach() / bins.size();
        double from = i * bin - layer.reach();
        HintedGraphics.hint(
            g,
            new Rectangle2D.Double(left + i * width, base - PLOT, width, PLOT),
            "%s\n%s to %s: %s weights"
                .formatted(
                    layer.name(),
                    FINE.text(from),
                    FINE.text(from + bin),
                    new Numbers(0).text((double) bins.get(i))));
      }
    }
    line(g, left, base, left + panel, base, Palette.FAINT_INK, 1);
    line(g, left + panel / 2, base, left + panel / 2, base + 4, Palette.FAINT_INK, 1);
    right(g, new Numbers(0).text((double) most), left + panel, top + COUNT, 9, Palette.FAINT_INK);
    String reach = reach(layer.reach());
    text(g, layer.reach() == 0 ? "" : "−" + reach, left, base + 15, LETTERS, Palette.INK);
    centred(g, "0", left + panel / 2, base + 15, LETTERS, Palette.INK);
    right(g, reach, left + panel, base + 15, LETTERS, Palette.INK);
  }

  private static String reach(double reach) {
    int decimals =
        reach == 0 ? 0 : (int) Math.max(0, Math.min(9, 1 - Math.floor(Math.log10(reach))));
    return new Numbers(decimals).text(reach);
  }

  private static String words(Histograms.Counted counted) {
    Numbers whole = new Numbers(0);
    return counted.pruned() == 0
        ? whole.text((double) counted.size()) + " weights"
        : "%s kept, %s pruned (%s %%)"
            .formatted(
                whole.text((double) counted.size() - counted.pruned()),
                whole.text((double) counted.pruned()),
                new Numbers(1).text(100.0 * counted.pruned() / counted.size()));
  }
}

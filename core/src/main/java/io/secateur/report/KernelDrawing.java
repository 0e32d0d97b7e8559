package io.secateur.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.util.List;

/** Draws kernels as squares of cells, eight in a row; wider than others where numbers need it. */
final class KernelDrawing extends Sheet {
  /** Cells across up to which numbers are written. */
  static final int MOST_NUMBERED = 7;

  private static final int GAP = 12;
  private static final int ABREAST = 8;
  private static final double NUMBERED_CELL = 27;
  private static final int NAME = 16;
  private static final int HEADING = 30;
  private static final int LEGEND = 26;
  private static final int BAR = 160;
  private static final float LETTERS = 8.5f;

  private final KernelGrid grid;
  private final double tile;
  private final double cell;

  KernelDrawing(KernelGrid grid, Typeface typeface) {
    super(grid, typeface);
    this.grid = grid;
    this.tile = (innerWidth() - (ABREAST - 1.0) * GAP) / ABREAST;
    this.cell = Math.min(tile / grid.columns(), tile / 3);
  }

  @Override
  int innerWidth() {
    double numbered = grid.numbered() ? ABREAST * grid.columns() * NUMBERED_CELL : 0;
    return Math.max(INNER_WIDTH, (int) Math.ceil(numbered + (ABREAST - 1.0) * GAP));
  }

  private double rowHeight() {
    return NAME + grid.rows() * cell + GAP;
  }

  private double height(KernelGrid.Shown shown) {
    int rows = (shown.kernels().size() + ABREAST - 1) / ABREAST;
    return HEADING + rows * rowHeight();
  }

  @Override
  int bodyHeight(Graphics2D g) {
    return (int) Math.ceil(LEGEND + grid.shown().stream().mapToDouble(this::height).sum());
  }

  @Override
  void body(Graphics2D g) {
    legend(g);
    double y = LEGEND;
    for (KernelGrid.Shown shown : grid.shown()) {
      text(g, shown.title(), 0, y + 18, 12.5f, Palette.INK);
      for (int i = 0; i < shown.kernels().size(); i++) {
        int row = i / ABREAST;
        double x = i % ABREAST * (tile + GAP);
        double top = y + HEADING + row * rowHeight();
        text(g, "Kernel " + (i + 1), x, top + NAME - 5, 10, Palette.FAINT_INK);
        KernelGrid.Kernel kernel = shown.kernels().get(i);
        kernel(g, kernel, x, top + NAME);
        HintedGraphics.hint(
            g,
            new Rectangle2D.Double(x, top + NAME, grid.columns() * cell, grid.rows() * cell),
            "%s\nKernel %d: %d of %d pruned, largest magnitude %s"
                .formatted(
                    shown.title(),
                    i + 1,
                    kernel.pruned(),
                    kernel.kept().size(),
                    number(kernel.largest())));
      }
      y += height(shown);
    }
  }

  private void legend(Graphics2D g) {
    for (int i = 0; i < BAR; i++) {
      fill(g, i, 0, 1.2, 12, Palette.blue((double) i / (BAR - 1)));
    }
    frame(g, 0, 0, BAR, 12, Palette.FAINT_INK, 0.7f);
    String scale = "magnitude, 0 to " + number(grid.largest());
    text(g, scale, BAR + 8, 10.5, 11, Palette.INK);
    double x = BAR + 8 + width(g, scale, 11) + 28;
    frame(g, x, -1, 14, 14, Palette.GRID, 0.8f);
    Path2D sample = new Path2D.Double();
    cross(sample, x, -1, 14);
    draw(g, sample, Palette.PRUNED);
    text(g, "pruned", x + 20, 10.5, 11, Palette.INK);
  }

  private void kernel(Graphics2D g, KernelGrid.Kernel kernel, double left, double top) {
    List<Float> values = kernel.values();
    float largest = grid.largest();
    Path2D crosses = new Path2D.Double();
    for (int i = 0; i < values.size(); i++) {
      int row = i / grid.columns();
      double x = left + i % grid.columns() * cell;
      double y = top + row * cell;
      if (!kernel.kept().get(i)) {
        cross(crosses, x, y, cell);
        continue;
      }
      double share = largest == 0 ? 0 : Math.abs(values.get(i)) / largest;
      fill(g, x, y, cell, cell, Palette.blue(share));
      if (grid.numbered()) {
        String number = number(values.get(i));
        double size = LETTERS * Math.min(1, (cell - 2) / width(g, number, LETTERS));
        centred(g, number, x + cell / 2, y + cell / 2 + 3, (float) size, Palette.on(share));
      }
    }
    draw(g, lines(left, top), Palette.GRID);
    draw(g, crosses, Palette.PRUNED);
  }

  /** One path for all lines: a file names its colour and stroke once. */
  private Path2D lines(double left, double top) {
    Path2D lines = new Path2D.Double();
    for (int row = 0; row <= grid.rows(); row++) {
      lines.moveTo(left, top + row * cell);
      lines.lineTo(left + grid.columns() * cell, top + row * cell);
    }
    for (int column = 0; column <= grid.columns(); column++) {
      lines.moveTo(left + column * cell, top);
      lines.lineTo(left + column * cell, top + grid.rows() * cell);
    }
    return lines;
  }

  private static void draw(Graphics2D g, Path2D path, Color colour) {
    g.setColor(colour);
    g.setStroke(new BasicStroke(0.8f));
    g.draw(path);
  }

  private static String number(float value) {
    return new Numbers(2).text(value);
  }

  private static void cross(Path2D path, double x, double y, double side) {
    double in = side * 0.34;
    path.moveTo(x + in, y + in);
    path.lineTo(x + side - in, y + side - in);
    path.moveTo(x + in, y + side - in);
    path.lineTo(x + side - in, y + in);
  }
}

package io.secateur.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;

/** Draws masks as images: a row per arm. */
final class MaskDrawing extends Sheet {
  private static final int ABREAST = 3;
  private static final int GAP = 24;
  private static final int ARM = 26;
  private static final int TITLE = 18;
  private static final int FOOT = 24;
  private static final int BAR = 90;
  private static final double TILE = (INNER_WIDTH - GAP * (ABREAST - 1.0)) / ABREAST;

  /** What is drawn is twice as fine as letters are. */
  private static final double FINEST = 0.5;

  private static final int HIGHEST = 200;
  private static final int BLOCKS = 10;

  private final MaskPictures masks;

  MaskDrawing(MaskPictures masks, Typeface typeface) {
    super(masks, typeface);
    this.masks = masks;
  }

  /** Units per pixel: as many halves as there is room for, so that pixels are of one size. */
  private static double zoom(MaskPictures.Picture picture) {
    double most = Math.min(TILE / picture.columns(), (double) HIGHEST / picture.rows());
    return Math.max(FINEST, Math.floor(most / FINEST) * FINEST);
  }

  private int row(MaskPictures.Row arm) {
    double highest =
        arm.pictures().stream()
            .mapToDouble(picture -> zoom(picture) * picture.rows())
            .max()
            .orElse(0);
    return (int) Math.ceil(ARM + TITLE + highest + (masks.counts() ? FOOT : 0) + GAP / 2.0);
  }

  @Override
  int bodyHeight(Graphics2D g) {
    return masks.arms().stream().mapToInt(this::row).sum();
  }

  @Override
  void body(Graphics2D g) {
    int top = 0;
    for (MaskPictures.Row arm : masks.arms()) {
      text(g, fitting(g, arm.arm(), 12.5f, INNER_WIDTH), 0, top + 14, 12.5f, Palette.INK);
      for (int i = 0; i < arm.pictures().size(); i++) {
        picture(g, arm.pictures().get(i), (int) Math.round(i * (TILE + GAP)), top + ARM);
      }
      top += row(arm);
    }
  }

  private void picture(Graphics2D g, MaskPictures.Picture picture, int left, int top) {
    text(g, fitting(g, picture.title(), 10.5f, TILE), left, top + 11, 10.5f, Palette.FAINT_INK);
    int y = top + TITLE;
    int width = (int) Math.round(zoom(picture) * picture.columns());
    int height = (int) Math.round(zoom(picture) * picture.rows());
    g.drawImage(image(picture), left, y, width, height, null);
    frame(g, left, y, width, height, Palette.FAINT_INK, 0.7f);
    hints(g, picture, left, y);
    if (masks.counts()) {
      double foot = y + height + 7.0;
      for (int i = 0; i < BAR; i++) {
        fill(g, left + i, foot, 1.2, 10, Palette.blue((double) i / (BAR - 1)));
      }
      frame(g, left, foot, BAR, 10, Palette.FAINT_INK, 0.7f);
      String scale = "0 to %s kept".formatted(new Numbers(0).text(picture.end()));
      text(g, scale, left + BAR + 7.0, foot + 9, 10, Palette.INK);
    }
  }

  /** Says for blocks of pixels how much they keep: single pixels are too small to be pointed at. */
  private void hints(Graphics2D g, MaskPictures.Picture picture, int left, int top) {
    int down = Math.min(BLOCKS, picture.rows());
    int across = Math.min(BLOCKS, picture.columns());
    double zoom = zoom(picture);
    for (int row = 0; row < down; row++) {
      int y0 = row * picture.rows() / down;
      int y1 = (row + 1) * picture.rows() / down;
      for (int column = 0; column < across; column++) {
        int x0 = column * picture.columns() / across;
        int x1 = (column + 1) * picture.columns() / across;
        double sum = 0;
        for (int y = y0; y < y1; y++) {
          for (int x = x0; x < x1; x++) {
            sum += picture.values().get(y * picture.columns() + x);
          }
        }
        double mean = sum / ((y1 - y0) * (x1 - x0));
        HintedGraphics.hint(
            g,
            new Rectangle2D.Double(
                left + x0 * zoom, top + y0 * zoom, (x1 - x0) * zoom, (y1 - y0) * zoom),
            picture.title()
                + (masks.counts()
                    ? "\nhere %s weights kept of a pixel".formatted(new Numbers(1).text(mean))
                    : "\nhere %s %% kept".formatted(new Numbers(1).text(100 * mean))));
      }
    }
  }

  private BufferedImage image(MaskPictures.Picture picture) {
    BufferedImage image =
        new BufferedImage(picture.columns(), picture.rows(), BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < picture.values().size(); i++) {
      double share = picture.end() == 0 ? 0 : picture.values().get(i) / picture.end();
      image.setRGB(
          i % picture.columns(),
          i / picture.columns(),
          (masks.counts() ? Palette.blue(share) : grey(share)).getRGB());
    }
    return image;
  }

  private static Color grey(double kept) {
    int level = (int) Math.round(255 * (1 - kept));
    return new Color(level, level, level);
  }
}

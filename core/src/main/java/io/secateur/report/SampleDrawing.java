package io.secateur.report;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.Collections;
import java.util.List;

/** Draws test images in rows, ten abreast, with what was predicted under each. */
final class SampleDrawing extends Sheet {
  private static final int ABREAST = 10;
  private static final int PITCH = INNER_WIDTH / ABREAST;
  private static final int SIDE = 60;
  private static final int HEADING = 26;
  private static final int LINE = 13;
  private static final int WORDS = 3 * LINE + 12;
  private static final int BETWEEN = 8;
  private static final float LETTERS = 9.5f;
  private static final Color WRONG = Palette.colour(1);

  /** Dark enough for small letters. */
  private static final Color WRONG_INK = new Color(0xA34700);

  private final SampleRows samples;

  SampleDrawing(SampleRows samples, Typeface typeface) {
    super(samples, typeface);
    this.samples = samples;
  }

  private int rows() {
    return (samples.images().size() + ABREAST - 1) / ABREAST;
  }

  private static int moment(int rows) {
    return HEADING + rows * (SIDE + WORDS) + BETWEEN;
  }

  @Override
  int bodyHeight(Graphics2D g) {
    return samples.moments().size() * moment(rows());
  }

  @Override
  void body(Graphics2D g) {
    int top = 0;
    for (SampleRows.Answers moment : samples.moments()) {
      String title =
          "%s (%d of %d right)".formatted(moment.title(), moment.right(), moment.answers().size());
      text(g, title, 0, top + 14, 12.5f, Palette.INK);
      for (int i = 0; i < Math.min(samples.images().size(), moment.answers().size()); i++) {
        int x = i % ABREAST * PITCH;
        int y = top + HEADING + i / ABREAST * (SIDE + WORDS);
        sample(g, samples.images().get(i), moment.answers().get(i), x, y);
      }
      top += moment(rows());
    }
  }

  private void sample(
      Graphics2D g, SampleRows.Image image, SampleRows.Answer answer, int x, int y) {
    double scale = (double) SIDE / Math.max(image.width(), image.height());
    int width = (int) Math.round(scale * image.width());
    int height = (int) Math.round(scale * image.height());
    g.drawImage(pixels(image), x, y, width, height, null);
    HintedGraphics.hint(
        g,
        new Rectangle2D.Double(x, y, width, height),
        "test example %d\ntrue class %d, predicted %d (%s %%)"
            .formatted(
                image.example(),
                answer.label(),
                answer.predicted(),
                new Numbers(1).text(100 * answer.probability())));
    if (answer.right()) {
      frame(g, x, y, width, height, Palette.FAINT_INK, 0.7f);
    } else {
      frame(g, x, y, width, height, WRONG, 3);
      fill(g, x + width - 16.0, y, 16, 16, WRONG);
      line(g, x + width - 12.0, y + 4, x + width - 4, y + 12, Color.WHITE, 2);
      line(g, x + width - 12.0, y + 12, x + width - 4, y + 4, Color.WHITE, 2);
    }
    Color ink = answer.right() ? Palette.INK : WRONG_INK;
    String predicted = answer.predicted() < 0 ? "none" : Long.toString(answer.predicted());
    words(g, "true " + answer.label(), x, y + SIDE + LINE, Palette.INK);
    words(g, "predicted " + predicted, x, y + SIDE + 2 * LINE, ink);
    String percent = new Numbers(1).text(100 * answer.probability()) + " %";
    words(g, percent, x, y + SIDE + 3 * LINE, Palette.FAINT_INK);
  }

  private void words(Graphics2D g, String words, double x, double y, Color ink) {
    double shrunk = LETTERS * Math.min(1, (PITCH - 4) / width(g, words, LETTERS));
    text(g, words, x, y, (float) shrunk, ink);
  }

  /** Undoes whatever normalisation by giving the image its whole range back. */
  static BufferedImage pixels(SampleRows.Image image) {
    List<Float> values = image.pixels();
    float low = values.isEmpty() ? 0 : Collections.min(values);
    float high = values.isEmpty() ? 1 : Collections.max(values);
    int size = image.height() * image.width();
    BufferedImage pixels =
        new BufferedImage(image.width(), image.height(), BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < size; i++) {
      int rgb = 0;
      for (int plane = 0; plane < 3; plane++) {
        float value = values.get((image.planes() == 3 ? plane : 0) * size + i);
        int level = high > low ? Math.round(255 * (value - low) / (high - low)) : 0;
        rgb = rgb << 8 | Math.max(0, Math.min(255, level));
      }
      pixels.setRGB(i % image.width(), i / image.width(), rgb);
    }
    return pixels;
  }
}

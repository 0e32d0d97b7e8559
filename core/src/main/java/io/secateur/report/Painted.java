package io.secateur.report;

import java.util.List;

/** A figure as it is written: as SVG, and as the bytes of a PNG. */
@SuppressWarnings("ArrayRecordComponent")
record Painted(Figure figure, String svg, byte[] png) {
  /**
   * Paints figures, several at once, since their pixels take most of a report's time.
   *
   * @throws Typeface.NoFontsException when this Java has no font system, and there are figures
   */
  static List<Painted> all(List<Figure> figures) {
    if (figures.isEmpty()) {
      return List.of();
    }
    Typeface typeface = Typeface.load();
    return figures.parallelStream().map(figure -> of(figure, typeface)).toList();
  }

  private static Painted of(Figure figure, Typeface typeface) {
    Canvas canvas = new Canvas(figure, typeface);
    return new Painted(figure, canvas.svg(), canvas.png());
  }
}

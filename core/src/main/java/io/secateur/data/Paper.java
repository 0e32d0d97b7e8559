package io.secateur.data;

import java.util.Arrays;

/** A square grey image that ink is drawn on: 0 is paper, 1 is ink. */
final class Paper {
  private final int side;
  private double[] ink;

  Paper(int side) {
    this.side = side;
    this.ink = new double[side * side];
  }

  /**
   * Draws a round dot, edges smoothed over one pixel; ink does not add up.
   *
   * @param x distance from the left edge, in pixels
   * @param y distance from the upper edge, in pixels
   */
  void dot(double x, double y, double radius) {
    double reach = radius + 0.5;
    int lowest = Math.min(side - 1, (int) (y + reach));
    int rightmost = Math.min(side - 1, (int) (x + reach));
    for (int row = Math.max(0, (int) (y - reach)); row <= lowest; row++) {
      for (int column = Math.max(0, (int) (x - reach)); column <= rightmost; column++) {
        double dx = column + 0.5 - x;
        double dy = row + 0.5 - y;
        double cover = Math.min(1, reach - Math.sqrt(dx * dx + dy * dy));
        int at = row * side + column;
        ink[at] = Math.max(ink[at], cover);
      }
    }
  }

  /** Lets the ink run: of every pixel, {@code share} goes to each of two neighbours, both ways. */
  void blur(double share) {
    double[] across = new double[ink.length];
    for (int at = 0; at < ink.length; at++) {
      int column = at % side;
      double left = column > 0 ? ink[at - 1] : 0;
      double right = column < side - 1 ? ink[at + 1] : 0;
      across[at] = (1 - 2 * share) * ink[at] + share * (left + right);
    }
    double[] both = new double[ink.length];
    for (int at = 0; at < ink.length; at++) {
      double above = at >= side ? across[at - side] : 0;
      double below = at < ink.length - side ? across[at + side] : 0;
      both[at] = (1 - 2 * share) * across[at] + share * (above + below);
    }
    ink = both;
  }

  /** Makes all ink fainter. */
  void fade(double factor) {
    Arrays.setAll(ink, at -> ink[at] * factor);
  }

  /** Adds to every pixel a number of its own. */
  void grain(double deviation, SplitMix random) {
    Arrays.setAll(ink, at -> ink[at] + deviation * random.bell());
  }

  /** Writes the image row by row, 0 … 255. */
  void copyTo(byte[] bytes, int first) {
    for (int at = 0; at < ink.length; at++) {
      double grey = Math.min(1, Math.max(0, ink[at]));
      bytes[first + at] = (byte) Math.round(255 * grey);
    }
  }
}

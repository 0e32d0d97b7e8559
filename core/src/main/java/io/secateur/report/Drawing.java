package io.secateur.report;

import java.awt.Graphics2D;

/** A figure laid out: painted once as SVG and once as pixels. */
interface Drawing {
  int width();

  /** Returns its height with the letters of these graphics. */
  int height(Graphics2D g);

  /** Paints it from the upper left corner, on white. */
  void paint(Graphics2D g);
}

package io.secateur.report;

/** A figure of a report: what it shows, ready to be drawn. Equal figures give equal bytes. */
interface Figure {
  /** Returns its file's name, without an ending. */
  String id();

  /** Returns its heading. */
  String title();

  /** Returns what stands under the heading: seeds, arm, what is drawn how. */
  String subtitle();

  /** Returns what stands under it on a page: how it is to be read. */
  String caption();

  /** Returns what it shows in words and numbers, for those who do not see it. */
  String alt();

  /** Returns whether it shows pixels, which keep their colours on a dark page. */
  default boolean picture() {
    return false;
  }

  /** Returns it laid out with a typeface. */
  Drawing drawing(Typeface typeface);
}

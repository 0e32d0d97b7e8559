package io.secateur.data;

/** How texts become examples of a length. */
public enum Pieces {
  /** Each text by itself, from its beginning; what is longer is cut. */
  DOCUMENTS,
  /**
   * All texts one behind the other, in windows without overlap; the rest at the end is left out.
   */
  WINDOWS
}

package io.secateur.data;

/**
 * How training images are changed at random each time they are shown.
 *
 * @param flip whether half of them are mirrored, left to right
 * @param crop zeros put on every side, out of which a window of the image's size is cut anywhere; 0
 *     for none
 */
public record Augment(boolean flip, int crop) {
  /** Images as they are. */
  public Augment() {
    this(false, 0);
  }

  public Augment {
    if (crop < 0 || crop > 64) {
      throw new IllegalArgumentException(
          "crop must be between 0 and 64 pixels on every side, was " + crop);
    }
  }

  boolean isNothing() {
    return !flip && crop == 0;
  }
}

package io.secateur.model;

/**
 * How activations lie on the integers from 0 to 255: (integer − zero point) × scale, as ONNX's
 * QuantizeLinear and DequantizeLinear define it; the integer is ⌊x / scale⌉, ties to even, plus the
 * zero point, and none beyond 0 and 255.
 */
public record Affine(float scale, int zeroPoint) {
  /** The largest integer. */
  public static final int LARGEST = 255;

  public Affine {
    if (!(scale > 0 && Float.isFinite(scale))) {
      throw new IllegalArgumentException("a scale is above 0 and finite, was " + scale);
    }
    if (zeroPoint < 0 || zeroPoint > LARGEST) {
      throw new IllegalArgumentException("a zero point is 0 to 255, was " + zeroPoint);
    }
  }

  /**
   * Returns the integers that a range is spread over. It is widened to hold 0, which is one of them
   * exactly.
   */
  public static Affine over(double least, double most) {
    double low = Math.min(0, least);
    double high = Math.max(0, most);
    float scale = (float) ((high - low) / LARGEST);
    if (!(scale >= Float.MIN_NORMAL)) {
      return new Affine(1, 0);
    }
    long zero = (long) Math.rint(-low / scale);
    return new Affine(scale, (int) Math.max(0, Math.min(LARGEST, zero)));
  }
}

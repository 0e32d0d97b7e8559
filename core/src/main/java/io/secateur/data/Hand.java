package io.secateur.data;

/**
 * How one writing departs from the skeleton: a slant, a rotation, two scales, and an elastic
 * distortion by slow waves. It moves points, so that strokes keep their width and stay joined.
 */
final class Hand {
  /** The middle of a digit's box. */
  private static final double CENTRE = 50;

  private static final int WAVES = 3;

  private final double xx;
  private final double xy;
  private final double yx;
  private final double yy;
  private final double[] waves = new double[WAVES * 5];

  Hand(SplitMix random) {
    double slant = 0.14 + 0.16 * random.bell();
    double angle = 0.10 * random.bell();
    double width = Math.max(0.45, 0.92 + 0.16 * random.bell());
    double height = 1 + 0.10 * random.bell();
    double cos = StrictMath.cos(angle);
    double sin = StrictMath.sin(angle);
    xx = cos * width;
    xy = -cos * slant - sin * height;
    yx = sin * width;
    yy = cos * height - sin * slant;
    for (int i = 0; i < waves.length; i += 5) {
      waves[i] = random.uniform(-0.055, 0.055);
      waves[i + 1] = random.uniform(-0.055, 0.055);
      waves[i + 2] = random.uniform(0, 2 * StrictMath.PI);
      waves[i + 3] = 3.0 * random.bell();
      waves[i + 4] = 3.0 * random.bell();
    }
  }

  double x(double x, double y) {
    return xx * (x - CENTRE) + xy * (y - CENTRE) + shift(x, y, 3);
  }

  double y(double x, double y) {
    return yx * (x - CENTRE) + yy * (y - CENTRE) + shift(x, y, 4);
  }

  private double shift(double x, double y, int component) {
    double sum = 0;
    for (int i = 0; i < waves.length; i += 5) {
      double phase = waves[i] * x + waves[i + 1] * y + waves[i + 2];
      sum += waves[i + component] * StrictMath.sin(phase);
    }
    return sum;
  }
}

package io.secateur.data;

/** A line drawn without lifting the pen: the smooth curve through some points. */
final class Stroke {
  private final double[] x;
  private final double[] y;

  /** The points as x, y, x, y … in the order of writing; at least two points. */
  Stroke(double... points) {
    x = new double[points.length / 2];
    y = new double[points.length / 2];
    for (int i = 0; i < x.length; i++) {
      x[i] = points[2 * i];
      y[i] = points[2 * i + 1];
    }
  }

  /** Returns where the pen is; {@code at} counts points and the ways between them. */
  double x(double at) {
    return between(x, at);
  }

  double y(double at) {
    return between(y, at);
  }

  /** Returns how many ways there are between points. */
  int length() {
    return x.length - 1;
  }

  /** The cubic through four neighbours (Catmull and Rom 1974); the ends are doubled. */
  private static double between(double[] points, double at) {
    int last = points.length - 1;
    int i = Math.min((int) at, last - 1);
    double t = at - i;
    double p0 = points[Math.max(i - 1, 0)];
    double p1 = points[i];
    double p2 = points[i + 1];
    double p3 = points[Math.min(i + 2, last)];
    double cubic = 3 * (p1 - p2) + p3 - p0;
    double square = 2 * p0 - 5 * p1 + 4 * p2 - p3;
    return p1 + 0.5 * t * (p2 - p0 + t * (square + t * cubic));
  }
}

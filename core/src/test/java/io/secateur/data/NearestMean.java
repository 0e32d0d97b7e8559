package io.secateur.data;

/** The simplest classifier: the class whose mean image is nearest. */
final class NearestMean {
  private static final int AREA = 28 * 28;

  private final double[][] means = new double[10][AREA];

  private NearestMean() {}

  static NearestMean of(DigitsFile digits) {
    NearestMean nearest = new NearestMean();
    byte[] labels = digits.labels();
    byte[] pixels = digits.pixels();
    // The classes are balanced.
    double share = 10.0 / labels.length;
    for (int i = 0; i < pixels.length; i++) {
      nearest.means[labels[i / AREA]][i % AREA] += share * (pixels[i] & 0xff);
    }
    return nearest;
  }

  double accuracy(DigitsFile digits) {
    byte[] labels = digits.labels();
    byte[] pixels = digits.pixels();
    int right = 0;
    for (int i = 0; i < labels.length; i++) {
      if (nearest(pixels, i * AREA) == labels[i]) {
        right++;
      }
    }
    return (double) right / labels.length;
  }

  private int nearest(byte[] pixels, int first) {
    int best = 0;
    double least = Double.MAX_VALUE;
    for (int label = 0; label < means.length; label++) {
      double distance = 0;
      for (int k = 0; k < AREA; k++) {
        double difference = (pixels[first + k] & 0xff) - means[label][k];
        distance += difference * difference;
      }
      if (distance < least) {
        least = distance;
        best = label;
      }
    }
    return best;
  }
}

package io.secateur.data;

import java.util.List;

/** How the pixels of images, which are 0 to 1, are shifted and scaled, channel by channel. */
public sealed interface Normalise {
  /** Not at all. */
  record None() implements Normalise {}

  /** By the means and deviations of the pixels trained on. */
  record Computed() implements Normalise {}

  /**
   * By given numbers, one per channel: (pixel − mean) / deviation.
   *
   * @param mean of pixels from 0 to 1
   * @param deviation above 0
   */
  record Given(List<Double> mean, List<Double> deviation) implements Normalise {
    public Given {
      mean = List.copyOf(mean);
      deviation = List.copyOf(deviation);
      if (mean.isEmpty() || mean.size() != deviation.size()) {
        throw new IllegalArgumentException(
            "mean and deviation have a number per channel each, were %s and %s"
                .formatted(mean, deviation));
      }
      for (double each : deviation) {
        if (!(each > 0 && each < Double.POSITIVE_INFINITY)) {
          throw new IllegalArgumentException("a deviation must be above 0 and finite, was " + each);
        }
      }
    }
  }
}

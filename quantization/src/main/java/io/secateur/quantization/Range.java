package io.secateur.quantization;

/** Which numbers that activations take on calibration examples the integers are spread over. */
public sealed interface Range {
  /** From the least to the most. */
  record MinMax() implements Range {}

  /**
   * Leaves the rarest out, half of them at each end: they are bounded to the range's ends. The ends
   * are found to within 1/16,384 of the way from the least to the most.
   *
   * @param percentile of the numbers that lie within, in per cent, such as 99.99
   */
  record Percentile(double percentile) implements Range {
    public Percentile {
      if (!(percentile > 50 && percentile <= 100)) {
        throw new IllegalArgumentException(
            "percentile must be above 50 and at most 100, as in {percentile: 99.99}, was "
                + percentile);
      }
    }
  }
}

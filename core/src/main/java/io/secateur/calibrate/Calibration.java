package io.secateur.calibrate;

/**
 * How much is shown to a network to gather statistics, and in which portions.
 *
 * @param examples drawn from the training part without replacement; all of it when it has fewer
 * @param batch shown at once; a gradient is one of a batch's mean loss
 */
public record Calibration(int examples, int batch) {
  public Calibration {
    if (examples < 1) {
      throw new IllegalArgumentException("examples must be at least 1, was " + examples);
    }
    if (batch < 1) {
      throw new IllegalArgumentException("batch must be at least 1, was " + batch);
    }
  }

  /** 512 examples, 64 at once. */
  public Calibration() {
    this(512, 64);
  }
}

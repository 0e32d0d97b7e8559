package io.secateur.spi;

/** The parts of a data set. */
public enum Split {
  /** Trained on. */
  TRAIN,
  /** Statistics are gathered here; by default drawn from the training part. */
  CALIBRATION,
  /** Choices are made here. */
  VALIDATION,
  /** Results are reported here. */
  TEST
}

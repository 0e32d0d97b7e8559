package io.secateur.data;

import io.secateur.spi.Split;

/** What the built-in data sets say about splits that they have not got. */
final class Splits {
  private Splits() {}

  /** The built-in data sets have no validation split; they calibrate on training examples. */
  static void refuseValidation(String dataset, Split split) {
    if (split == Split.VALIDATION) {
      throw new IllegalArgumentException(
          dataset
              + " has no validation split; it has train, test,"
              + " and for calibration the training examples");
    }
  }
}

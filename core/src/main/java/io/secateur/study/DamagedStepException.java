package io.secateur.study;

import java.io.IOException;

/** A stored step does not have the bytes that were written; running it again mends it. */
final class DamagedStepException extends IOException {
  private static final long serialVersionUID = 1L;

  private final String key;

  DamagedStepException(String key, String message) {
    super(message);
    this.key = key;
  }

  /** Returns the key of the step. */
  String key() {
    return key;
  }
}

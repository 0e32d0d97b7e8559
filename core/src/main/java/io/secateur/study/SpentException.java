package io.secateur.study;

/** A step exhausted the process that ran it, which is not to run another. */
final class SpentException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  SpentException(Throwable cause) {
    super("a step exhausted its process", cause);
  }
}

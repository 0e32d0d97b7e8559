package io.secateur.report;

/**
 * A figure cannot be drawn from what a run left; its message says why, as the end of a sentence.
 */
final class NotDrawnException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  NotDrawnException(String reason) {
    super(reason);
  }

  NotDrawnException(String reason, Throwable cause) {
    super(reason, cause);
  }
}

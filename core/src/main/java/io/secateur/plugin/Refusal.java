package io.secateur.plugin;

/** Why a provider is not usable; becomes a {@link Broken} once its origin is known. */
final class Refusal extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean misfit;

  Refusal(String reason) {
    super(reason);
    this.misfit = false;
  }

  Refusal(String reason, Throwable cause) {
    super(reason, cause);
    this.misfit = false;
  }

  private Refusal(boolean misfit, String reason, Throwable cause) {
    super(reason, cause);
    this.misfit = misfit;
  }

  /** Returns a refusal whose reason may be that the class was built against another Secateur. */
  static Refusal misfit(String reason, Throwable cause) {
    return new Refusal(true, reason, cause);
  }

  boolean isMisfit() {
    return misfit;
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}

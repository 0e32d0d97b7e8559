package io.secateur.plugin;

/** What a user asked of plugins cannot be had; the message says what, why, and what there is. */
public final class PluginException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public PluginException(String message) {
    super(message);
  }

  public PluginException(String message, Throwable cause) {
    super(message, cause);
  }
}

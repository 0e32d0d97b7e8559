package io.secateur.plugin;

/**
 * A plugin that was found and is not usable. It hurts nobody but those who ask for it.
 *
 * @param origin the jar, or the module of the class path
 * @param what the class or the line of a service file; empty when the whole jar is meant
 * @param reason what is wrong with it, in one line
 */
public record Broken(String origin, String what, String reason) {
  /** Returns origin, what and reason in one line. */
  @Override
  public String toString() {
    return origin + ": " + (what.isEmpty() ? "" : what + ": ") + reason;
  }
}

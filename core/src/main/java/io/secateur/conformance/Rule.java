package io.secateur.conformance;

import java.io.IOException;
import java.io.UncheckedIOException;

/** A rule that one plugin is to keep. */
public final class Rule {
  private final String name;
  private final Check check;

  /** Tries a rule on the plugin that it is for. */
  interface Check {
    void into(Findings findings) throws IOException;
  }

  Rule(String name, Check check) {
    this.name = name;
    this.check = check;
  }

  /** Returns what the rule asks: {@code scores are finite}. */
  public String name() {
    return name;
  }

  /**
   * Tries it; loads the engine's natives where the rule needs them. What the plugin throws is a
   * violation, but what ends the process.
   */
  public Findings check() {
    Findings findings = new Findings(name);
    try {
      check.into(findings);
    } catch (IOException
        | RuntimeException
        | LinkageError
        | AssertionError
        | StackOverflowError e) {
      findings.violation("", "threw " + reason(e), "nothing should be thrown here");
    }
    return findings;
  }

  /** Returns what was thrown in one line. */
  static String reason(Throwable thrown) {
    Throwable told =
        thrown instanceof UncheckedIOException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    String name = told.getClass().getSimpleName();
    String message = thrown.getMessage();
    return message == null ? name : Violation.oneLine(name + ": " + message);
  }

  @Override
  public String toString() {
    return name;
  }
}

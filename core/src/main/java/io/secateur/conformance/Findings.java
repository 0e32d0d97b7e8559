package io.secateur.conformance;

import java.util.ArrayList;
import java.util.List;

/** What came out when a rule was tried on a plugin. */
public final class Findings {
  /** More of the same rule say little more. */
  private static final int MOST = 5;

  private final String rule;
  private final List<Violation> violations = new ArrayList<>();
  private final List<String> untried = new ArrayList<>();

  Findings(String rule) {
    this.rule = rule;
  }

  /** Adds what is wrong; of many the first few count. */
  void violation(String where, String found, String right) {
    if (violations.size() < MOST) {
      violations.add(new Violation(rule, where, found, right));
    }
  }

  /** Says what could not be tried, and why. */
  void untried(String reason) {
    untried.add(Violation.oneLine(reason));
  }

  /** Returns what is wrong; nothing when the rule is kept as far as it was tried. */
  public List<Violation> violations() {
    return List.copyOf(violations);
  }

  /** Returns what could not be tried here, a line each. */
  public List<String> untried() {
    return List.copyOf(untried);
  }
}

package io.secateur.conformance;

/**
 * What a plugin does that a rule does not allow.
 *
 * @param rule the rule's name
 * @param where the case that showed it; empty when there is but one
 * @param found what was found
 * @param right what would be right
 */
public record Violation(String rule, String where, String found, String right) {
  public Violation {
    found = oneLine(found);
    right = oneLine(right);
  }

  static String oneLine(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }

  /** Returns all four in one line. */
  @Override
  public String toString() {
    return "%s: %s%s; %s".formatted(rule, where.isEmpty() ? "" : where + ": ", found, right);
  }
}

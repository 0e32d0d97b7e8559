package io.secateur.report;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The data set of a run, as {@code run.json} names it.
 *
 * @param name with its settings, as a study has them
 * @param fingerprint what its contents hash to, in hex digits; empty where there is none
 */
record Source(String name, String fingerprint) {
  private static final Pattern WITH_FINGERPRINT = Pattern.compile("(.+) ([0-9a-f]{32,})");
  private static final int SHORT = 12;

  static Source of(String data) {
    Matcher matcher = WITH_FINGERPRINT.matcher(data);
    return matcher.matches()
        ? new Source(Words.spaced(matcher.group(1)), matcher.group(2))
        : new Source(Words.spaced(data), "");
  }

  /** Returns the name, and enough of the fingerprint to tell data sets apart. */
  String inShort() {
    return fingerprint.isEmpty()
        ? name
        : "%s (fingerprint %s)".formatted(name, fingerprint.substring(0, SHORT));
  }
}

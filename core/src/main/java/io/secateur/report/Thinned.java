package io.secateur.report;

import io.secateur.study.RunInfo;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says where predictions were measured on some examples of a split only. */
final class Thinned {
  private static final Pattern WRITTEN = Pattern.compile("(?m)^measure-examples *: *([0-9]+)");
  private static final Pattern TYPED = Pattern.compile("measure-examples=([0-9]+)");

  private Thinned() {}

  /** Read from the study's text, so that what earlier versions wrote can be read as before. */
  static List<String> notes(RunInfo info) {
    String typed = String.join("\n", info.overrides());
    String examples = last(TYPED, typed, last(WRITTEN, info.text(), ""));
    return examples.isEmpty()
        ? List.of()
        : List.of(
            "Predictions were measured on %s examples of each part, spread over it, or on all where there are fewer."
                .formatted(examples));
  }

  private static String last(Pattern pattern, String text, String otherwise) {
    String found = otherwise;
    Matcher matcher = pattern.matcher(text);
    while (matcher.find()) {
      found = matcher.group(1);
    }
    return found;
  }
}

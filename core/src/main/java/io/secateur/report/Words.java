package io.secateur.report;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Small pieces of English. */
final class Words {
  private static final String NO_BREAK = "\u00A0";

  private Words() {}

  /** A text in quotes, or a sign that {@link #spaced} gives room. */
  private static final Pattern SIGN = Pattern.compile("\"[^\"]*\"|'[^']*'|(?<=\\w)\\{|=|,(?! )");

  /** Returns settings, {@code mnist{crop=20}}, as a study has them: {@code mnist {crop: 20}}. */
  static String spaced(String settings) {
    return SIGN.matcher(settings)
        .replaceAll(
            match ->
                Matcher.quoteReplacement(
                    switch (match.group()) {
                      case "{" -> " {";
                      case "=" -> ": ";
                      case "," -> ", ";
                      default -> match.group();
                    }));
  }

  /** Keeps a number beside its sign or unit where a line is broken. */
  static String tied(String sentence) {
    return sentence
        .replace(" ± ", NO_BREAK + "±" + NO_BREAK)
        .replace(" %", NO_BREAK + "%")
        .replace(" ×", NO_BREAK + "×")
        .replace("n = ", "n" + NO_BREAK + "=" + NO_BREAK);
  }

  /** Returns {@code 1 seed}, {@code 3 seeds}. */
  static String count(int number, String thing) {
    return number + " " + thing + (number == 1 ? "" : "s");
  }

  /** Returns {@code a, b and c}. */
  static String list(List<?> things) {
    if (things.size() < 2) {
      return things.stream().map(String::valueOf).collect(Collectors.joining());
    }
    String head =
        things.subList(0, things.size() - 1).stream()
            .map(String::valueOf)
            .collect(Collectors.joining(", "));
    return head + " and " + things.get(things.size() - 1);
  }
}

package io.secateur.plugin;

import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** How Java names read in a study file, and how lists of names read in a sentence. */
final class Names {
  private static final Pattern HUMP = Pattern.compile("([a-z0-9])([A-Z])|([A-Z])(?=[A-Z][a-z])");
  private static final Pattern KEBAB = Pattern.compile("(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*");

  private Names() {}

  /**
   * Returns {@code learning-rate} for {@code learningRate}, {@code LearningRate}, LEARNING_RATE.
   */
  static String kebab(String name) {
    boolean constant = name.equals(name.toUpperCase(Locale.ROOT));
    String humps = constant ? name : HUMP.matcher(name).replaceAll("$1$3-$2");
    return humps.replace('_', '-').toLowerCase(Locale.ROOT);
  }

  /** Returns {@code learning rate} for {@code LearningRate}. */
  static String words(Class<?> type) {
    return kebab(type.getSimpleName()).replace('-', ' ');
  }

  /** Returns whether a name is lower-case words joined by hyphens. */
  static boolean isKebab(String name) {
    return KEBAB.matcher(name).matches();
  }

  /** Returns {@code a, b or c}. */
  static String either(List<String> names) {
    int last = names.size() - 1;
    return last < 1
        ? String.join("", names)
        : String.join(", ", names.subList(0, last)) + " or " + names.get(last);
  }

  /** Returns a word with its article. */
  static String one(String word) {
    return ("aeio".indexOf(word.charAt(0)) >= 0 ? "an " : "a ") + word;
  }
}

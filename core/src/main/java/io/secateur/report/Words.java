package io.secateur.report;

import java.util.List;
import java.util.stream.Collectors;

/** Small pieces of English. */
final class Words {
  private Words() {}

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

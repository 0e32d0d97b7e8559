package io.secateur.model;

import java.util.Collection;
import java.util.Comparator;

/** Finds the name that was probably meant. */
public final class Nearest {
  private Nearest() {}

  /** Returns {@code "; did you mean x?"} for the likest known name, or nothing if none is like. */
  public static String suggest(String asked, Collection<String> known) {
    int most = Math.max(3, asked.length() / 2);
    return known.stream()
        .filter(name -> edits(asked, name) <= most)
        .min(Comparator.comparingInt(name -> edits(asked, name)))
        .map(name -> "; did you mean " + name + "?")
        .orElse("");
  }

  /** Levenshtein's distance. */
  private static int edits(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replace, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}

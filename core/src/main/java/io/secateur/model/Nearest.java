package io.secateur.model;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that was probably meant. */
public final class Nearest {
  /** How many letters tell a beginning of a name from a slip of the finger. */
  private static final int BEGINNING = 3;

  private Nearest() {}

  /**
   * Returns the nearest of some names, if one is near: few letters changed, left out, doubled or
   * swapped, or the only one that starts so. Case, {@code _} and {@code -} make no difference.
   */
  public static Optional<String> to(String asked, Collection<String> names) {
    String word = plain(asked);
    int bound = word.length() <= BEGINNING ? 1 : Math.max(2, word.length() / 3);
    Optional<String> near =
        names.stream()
            .filter(name -> distance(word, plain(name)) <= bound)
            .min(
                Comparator.comparingInt((String name) -> distance(word, plain(name)))
                    .thenComparing(Comparator.naturalOrder()));
    if (near.isPresent() || word.length() < BEGINNING) {
      return near;
    }
    var longer = names.stream().filter(name -> plain(name).startsWith(word)).toList();
    return longer.size() == 1 ? Optional.of(longer.get(0)) : Optional.empty();
  }

  /** Returns {@code "; did you mean x?"} for the nearest name, or nothing when none is near. */
  public static String suggest(String asked, Collection<String> known) {
    return to(asked, known).map(name -> "; did you mean " + name + "?").orElse("");
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }

  /** Edits from one word to the other; swapping two neighbours is one. */
  private static int distance(String a, String b) {
    int[][] edits = new int[a.length() + 1][b.length() + 1];
    for (int i = 0; i <= a.length(); i++) {
      for (int j = 0; j <= b.length(); j++) {
        if (i == 0 || j == 0) {
          edits[i][j] = i + j;
          continue;
        }
        int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
        edits[i][j] =
            Math.min(edits[i - 1][j - 1] + change, 1 + Math.min(edits[i - 1][j], edits[i][j - 1]));
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          edits[i][j] = Math.min(edits[i][j], edits[i - 2][j - 2] + 1);
        }
      }
    }
    return edits[a.length()][b.length()];
  }
}

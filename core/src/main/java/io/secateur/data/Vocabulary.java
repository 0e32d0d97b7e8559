package io.secateur.data;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Words and their ids: 0 is padding, 1 any word that has no id of its own, then come the words of
 * some texts, the most frequent first, of equally frequent ones the one that is met first.
 */
final class Vocabulary {
  /** Where a text has ended. */
  static final int PADDING = 0;

  /** Any word without an id of its own. */
  static final int UNKNOWN = 1;

  private static final List<String> RESERVED = List.of("<pad>", "<unk>");
  private static final Map<String, String> ESCAPES = Map.of("-lrb-", "(", "-rrb-", ")");

  private final List<String> words;
  private final Map<String, Integer> ids = new HashMap<>();

  private Vocabulary(List<String> words) {
    this.words = List.copyOf(words);
    for (int id = RESERVED.size(); id < words.size(); id++) {
      ids.put(words.get(id), id);
    }
  }

  /**
   * Counts words.
   *
   * @param size how many ids there are at most, with those of padding and of unknown words
   */
  static Vocabulary of(List<String> texts, int size) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    for (String text : texts) {
      for (String word : words(text)) {
        counts.merge(word, 1, Integer::sum);
      }
    }
    // Whoever reads the list by its lines must find the reserved ones where they are.
    RESERVED.forEach(counts::remove);
    List<String> words = new ArrayList<>(RESERVED);
    counts.entrySet().stream()
        .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
        .limit(size - (long) RESERVED.size())
        .forEach(entry -> words.add(entry.getKey()));
    return new Vocabulary(words);
  }

  /** Returns what stands between white space, in lower case, without the treebank's escapes. */
  private static String[] words(String text) {
    String[] words = text.strip().toLowerCase(Locale.ROOT).split("\\s+");
    for (int i = 0; i < words.length; i++) {
      words[i] = ESCAPES.getOrDefault(words[i], words[i]).replace("\\/", "/");
    }
    return words;
  }

  /** Returns the ids of a text's first words, at most {@code length}. */
  int[] ids(String text, int length) {
    return Arrays.stream(words(text))
        .limit(length)
        .mapToInt(word -> ids.getOrDefault(word, UNKNOWN))
        .toArray();
  }

  /** Returns a line for each id, in order, in UTF-8. */
  byte[] toBytes() {
    return (String.join("\n", words) + "\n").getBytes(StandardCharsets.UTF_8);
  }
}

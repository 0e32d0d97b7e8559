package io.secateur.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How study files differ, line by line. */
public final class Differences {
  private Differences() {}

  /**
   * Returns the lines taken out ({@code - …}) and put in ({@code + …}); none when there are none.
   */
  static List<String> fromShipped(Study study) throws IOException {
    Optional<Path> shipped =
        Optional.ofNullable(System.getProperty("secateur.home"))
            .map(home -> Path.of(home, "studies", study.name() + ".yaml"))
            .filter(Files::isReadable);
    if (shipped.isEmpty()) {
      return List.of();
    }
    return between(Files.readString(shipped.get()).lines().toList(), study.text().lines().toList());
  }

  /**
   * Returns the shortest way from one text to the other that keeps what both have in common: lines
   * taken out ({@code - …}) and put in ({@code + …}).
   */
  public static List<String> between(List<String> before, List<String> after) {
    int[][] common = new int[before.size() + 1][after.size() + 1];
    for (int i = before.size() - 1; i >= 0; i--) {
      for (int j = after.size() - 1; j >= 0; j--) {
        common[i][j] =
            before.get(i).equals(after.get(j))
                ? common[i + 1][j + 1] + 1
                : Math.max(common[i + 1][j], common[i][j + 1]);
      }
    }
    List<String> lines = new ArrayList<>();
    int i = 0;
    int j = 0;
    while (i < before.size() || j < after.size()) {
      if (i < before.size() && j < after.size() && before.get(i).equals(after.get(j))) {
        i++;
        j++;
      } else if (j == after.size() || (i < before.size() && common[i + 1][j] >= common[i][j + 1])) {
        lines.add("- " + before.get(i++));
      } else {
        lines.add("+ " + after.get(j++));
      }
    }
    return lines;
  }
}

package io.secateur.study;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the authors of a study say themselves, which a report shows beside its numbers. No step
 * depends on it. In a run's folder it is {@code manuscript.json}, where there is any.
 *
 * @param title of the report; empty for the study's name
 * @param contributions who did what, in Markdown; empty for nothing
 * @param text Markdown by the name of its section, in the order of {@link #SECTIONS}
 */
public record Manuscript(
    String title, List<String> authors, String contributions, Map<String, String> text) {
  /** The sections that there are, in the order of a report. */
  public static final List<String> SECTIONS =
      List.of(
          "abstract",
          "introduction",
          "background",
          "method",
          "results",
          "discussion",
          "limitations",
          "conclusion",
          "acknowledgements",
          "references");

  /** Nothing was said. */
  public static final Manuscript NONE = new Manuscript("", List.of(), "", Map.of());

  private static final String FILE = "manuscript.json";

  public Manuscript {
    authors = List.copyOf(authors);
    Map<String, String> ordered = new LinkedHashMap<>();
    for (String section : SECTIONS) {
      String said = text.getOrDefault(section, "");
      if (!said.isBlank()) {
        ordered.put(section, said);
      }
    }
    text = Collections.unmodifiableMap(ordered);
  }

  /**
   * Returns what a run's folder holds of it.
   *
   * @throws IllegalArgumentException in one line when the file is damaged, or cannot be read
   */
  public static Manuscript read(Path run) {
    Path file = run.resolve(FILE);
    if (!Files.exists(file)) {
      return NONE;
    }
    try {
      return RunFile.read(file, Manuscript.class);
    } catch (StudyException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** Writes it into a run's folder, or removes what another run left there. */
  void write(Path run) throws IOException {
    if (equals(NONE)) {
      Files.deleteIfExists(run.resolve(FILE));
    } else {
      Durable.replace(run.resolve(FILE), Json.pretty(this));
    }
  }
}

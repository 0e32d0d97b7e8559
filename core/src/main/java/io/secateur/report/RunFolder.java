package io.secateur.report;

import io.secateur.study.Declared;
import io.secateur.study.ResultRow;
import io.secateur.study.RunInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a run left behind, read back.
 *
 * @param declared what the study said before it ran; nothing in folders from before there was that
 * @param rows of {@code results.jsonl}, then of {@code timings.jsonl}, in their order
 * @param notes what a reader must be told about what was read
 * @param elsewhere what was timed again on other machines, or with other threads
 * @param inTurns whether some of the run's own timings were replaced by such that went through all
 *     models in turns
 */
record RunFolder(
    RunInfo info,
    Declared declared,
    List<ResultRow> rows,
    List<String> notes,
    List<TimedAgain> elsewhere,
    boolean inTurns) {
  /**
   * Where in what text, as the parser has it, and its own settings: the text is not shown, the
   * place is said before.
   */
  private static final Pattern PARSER =
      Pattern.compile(" ?\\(?[a-z ]*at \\[Source: [^\\]]*\\]\\)?|; `[A-Za-z]+Feature\\..*");

  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .build();

  private static final ObjectReader ROW = JSON.readerFor(ResultRow.class);

  RunFolder {
    rows = List.copyOf(rows);
    notes = List.copyOf(notes);
    elsewhere = List.copyOf(elsewhere);
  }

  /**
   * Reads a run folder.
   *
   * @throws IllegalArgumentException naming the file, and the line where there is one, when it is
   *     not a run folder or a file in it is damaged
   */
  static RunFolder read(Path folder) {
    Path about = folder.resolve("run.json");
    Path results = folder.resolve("results.jsonl");
    for (Path file : List.of(about, results)) {
      if (!Files.isRegularFile(file)) {
        throw new IllegalArgumentException(
            "cannot report on %s: it has no %s, so it is not the folder of a run (run --out made it)"
                .formatted(folder, file.getFileName()));
      }
    }
    RunInfo info = parse(text(about), about.toString(), RunInfo.class);
    Path before = folder.resolve("declared.json");
    Declared declared =
        Files.isRegularFile(before)
            ? parse(text(before), before.toString(), Declared.class)
            : Declared.NOTHING;
    List<ResultRow> rows = new ArrayList<>();
    lines(results).forEach(line -> rows.add(row(line)));
    List<String> notes = new ArrayList<>();
    Path timings = folder.resolve("timings.jsonl");
    List<Line> timed = Files.isRegularFile(timings) ? lines(timings) : List.of();
    List<ResultRow> own = oneMachine(timed, notes);
    List<TimedAgain> elsewhere = new ArrayList<>();
    boolean inTurns = false;
    String home = timed.isEmpty() ? "" : machine(timed.get(timed.size() - 1), info);
    for (TimedAgain again : TimedAgain.read(folder, info, notes)) {
      if (again.machine().equals(home)) {
        List<ResultRow> newer = again.instead(own, notes);
        inTurns |= !newer.equals(own);
        own = newer;
      } else {
        elsewhere.add(again);
      }
    }
    rows.addAll(own);
    return new RunFolder(info, declared, rows, notes, elsewhere, inTurns);
  }

  /** A timing belongs to its machine and thread count: those of the last line are kept. */
  private static List<ResultRow> oneMachine(List<Line> lines, List<String> notes) {
    Map<String, List<ResultRow>> byMachine = new LinkedHashMap<>();
    String last = "";
    for (Line line : lines) {
      last = line.json().path("machine") + " " + line.json().path("threads");
      byMachine.computeIfAbsent(last, machine -> new ArrayList<>()).add(row(line));
    }
    List<ResultRow> kept = byMachine.getOrDefault(last, List.of());
    if (kept.size() < lines.size()) {
      notes.add(
          ("timings.jsonl has timings of %d machines or thread counts, which are never mixed: %d of"
                  + " its %d lines, those taken like the last one, are reported")
              .formatted(byMachine.size(), kept.size(), lines.size()));
    }
    return kept;
  }

  /** What timings belong to: a machine, its device, and a number of threads. */
  static String machine(Line line, RunInfo info) {
    return String.join(
        " ",
        line.json().path("machine").asString(""),
        line.json().path("device").asString(info.machine().device()),
        line.json().path("threads").asString(""));
  }

  /** A line, and where it stands. */
  record Line(JsonNode json, String place) {}

  static List<Line> lines(Path file) {
    List<Line> lines = new ArrayList<>();
    int number = 0;
    for (String line : text(file).lines().toList()) {
      number++;
      if (!line.isBlank()) {
        String place = file + ":" + number;
        lines.add(new Line(parse(line, place, JsonNode.class), place));
      }
    }
    return lines;
  }

  static ResultRow row(Line line) {
    try {
      return ROW.readValue(line.json());
    } catch (JacksonException e) {
      throw damaged(line.place(), e);
    }
  }

  private static <T> T parse(String text, String place, Class<T> type) {
    try {
      return JSON.readValue(text, type);
    } catch (JacksonException e) {
      throw damaged(place, e);
    }
  }

  private static IllegalArgumentException damaged(String place, JacksonException e) {
    return new IllegalArgumentException(
        "%s: not what a run writes: %s; running the study again writes it anew"
            .formatted(place, PARSER.matcher(e.getOriginalMessage()).replaceAll("")),
        e);
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          file + ": not all of it is text in UTF-8; running the study again writes it anew", e);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file, e);
    }
  }
}

package io.secateur.report;

import io.secateur.report.RunFolder.Line;
import io.secateur.study.ResultRow;
import io.secateur.study.RunInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * What was timed again, by {@code secateur measure}, on one machine with one number of threads: a
 * file of {@code timings/} in a run's folder.
 *
 * @param machine what the timings belong to, as {@link RunFolder#machine} has it
 * @param title the machine in words
 */
record TimedAgain(String machine, String title, int threads, List<ResultRow> rows) {
  TimedAgain {
    rows = List.copyOf(rows);
  }

  /**
   * Reads them in the order of their files' names; lines of checkpoints that are gone are left out.
   */
  static List<TimedAgain> read(Path run, RunInfo info, List<String> notes) {
    Path folder = run.resolve("timings");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    Set<List<Object>> there = checkpoints(run);
    List<TimedAgain> all = new ArrayList<>();
    for (Path file : files(folder)) {
      List<Line> lines = RunFolder.lines(file);
      List<Line> kept =
          lines.stream().filter(line -> there.contains(place(RunFolder.row(line)))).toList();
      if (kept.size() < lines.size()) {
        notes.add(
            "%d of the %d timings in %s are of checkpoints that the run has no more: 'secateur measure' takes them anew"
                .formatted(
                    lines.size() - kept.size(), lines.size(), run.relativize(file).toString()));
      }
      if (!kept.isEmpty()) {
        Line last = kept.get(kept.size() - 1);
        all.add(
            new TimedAgain(
                RunFolder.machine(last, info),
                title(last.json()),
                last.json().path("threads").asInt(1),
                kept.stream().map(RunFolder::row).toList()));
      }
    }
    return all;
  }

  private static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + folder, e);
    }
  }

  private static Set<List<Object>> checkpoints(Path run) {
    Set<List<Object>> there = new HashSet<>();
    for (Line line : RunFolder.lines(run.resolve("checkpoints.jsonl"))) {
      JsonNode json = line.json();
      there.add(
          List.of(
              json.path("arm").asString(""),
              json.path("seed").asLong(0),
              json.path("round").asInt(0),
              json.path("stage").asString(""),
              json.path("label").asString(""),
              json.path("branch").asString(""),
              json.path("key").asString("")));
    }
    return there;
  }

  private static List<Object> place(ResultRow row) {
    return List.of(
        row.arm(), row.seed(), row.round(), row.stage(), row.label(), row.branch(), row.key());
  }

  private static String title(JsonNode json) {
    return "Timings on %s, %s, %s, %s, %s: median of %s"
        .formatted(
            json.path("processor").asString("another machine"),
            Words.count(json.path("cores").asInt(0), "logical core"),
            json.path("system").asString(""),
            json.path("device").asString("cpu"),
            Words.count(json.path("threads").asInt(1), "thread"),
            Words.count(json.path("rounds").size(), "round"));
  }

  Table table(RunInfo info) {
    return new MainTable(new Measurements(info, rows), threads).all(title);
  }

  /**
   * Returns a run's own timings with those of here in place of them, quantity by quantity: only
   * where they are of all the same places, so that no column has numbers of two days.
   */
  List<ResultRow> instead(List<ResultRow> own, List<String> notes) {
    Set<String> newer = new LinkedHashSet<>();
    rows.stream().map(ResultRow::metric).forEach(newer::add);
    newer.removeIf(quantity -> !places(rows, quantity).equals(places(own, quantity)));
    if (newer.isEmpty()) {
      notes.add(
          "What was timed again on the run's machine is not of the same checkpoints as the run's"
              + " own timings, which are shown: 'secateur measure' takes it anew.");
      return own;
    }
    notes.add(
        "Timed again on the run's machine and shown in place of the run's own timings, which are in"
            + " timings.jsonl: %s.".formatted(Words.list(List.copyOf(newer))));
    return Stream.concat(
            own.stream().filter(row -> !newer.contains(row.metric())),
            rows.stream().filter(row -> newer.contains(row.metric())))
        .toList();
  }

  private static Set<List<Object>> places(List<ResultRow> rows, String quantity) {
    Function<ResultRow, List<Object>> place =
        row ->
            List.of(
                row.arm(),
                row.seed(),
                row.round(),
                row.stage(),
                row.label(),
                row.branch(),
                row.layer());
    return rows.stream()
        .filter(row -> row.metric().equals(quantity))
        .map(place)
        .collect(Collectors.toSet());
  }
}

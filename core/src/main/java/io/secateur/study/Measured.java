package io.secateur.study;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Where a finished run measured, as the files in its folder say. */
final class Measured {
  private final Path run;
  private final RunInfo info;
  private final Runs runs;

  Measured(Path run, RunInfo info, Runs runs) {
    this.run = run;
    this.info = info;
    this.runs = runs;
  }

  /** A line of {@code provenance.jsonl}, as far as it matters here. */
  private record Origin(String key, String parent) {}

  /** Returns the places in the run's order, each with its arm's labels on the axes. */
  Map<CheckpointRef, Map<String, String>> places() {
    Map<String, String> parents = new HashMap<>();
    for (Origin origin : read("provenance.jsonl", Origin.class)) {
      parents.put(origin.key(), origin.parent());
    }
    Set<CheckpointRef> measured = new HashSet<>();
    for (ResultRow row : rows()) {
      String checkpoint = parents.getOrDefault(row.key(), "");
      if (row.source().equals("measure")) {
        measured.add(
            new CheckpointRef(
                row.arm(),
                row.seed(),
                row.round(),
                row.stage(),
                row.label(),
                row.branch(),
                checkpoint,
                ""));
      }
    }
    Map<String, Map<String, String>> axes = new HashMap<>();
    info.arms().forEach(arm -> axes.put(arm.name(), arm.axes()));
    Map<CheckpointRef, Map<String, String>> places = new LinkedHashMap<>();
    for (CheckpointRef ref : runs.checkpoints(run)) {
      if (measured.contains(ref.in(""))) {
        places.put(ref, axes.getOrDefault(ref.arm(), Map.of()));
      }
    }
    return places;
  }

  /** Returns the rows of results, then those of timings. */
  List<ResultRow> rows() {
    List<ResultRow> rows = new ArrayList<>(read("results.jsonl", ResultRow.class));
    rows.addAll(read("timings.jsonl", ResultRow.class));
    return rows;
  }

  /** Returns the keys of all steps of the run's plan. */
  List<String> keys() {
    return read("provenance.jsonl", Origin.class).stream().map(Origin::key).toList();
  }

  private <T> List<T> read(String name, Class<T> type) {
    return RunFile.lines(run.resolve(name), type);
  }
}

package io.secateur.report;

import io.secateur.study.ResultRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** Where rounds did not hold: what was undone, and where an arm ended before its last round. */
final class Stops {
  private static final String ENDED = "ended/";
  private static final String UNDONE = "undone/";
  private static final String BEFORE = "before/";
  private static final String FACTOR = "undone/factor";

  /** A round of an arm and a seed that did not hold. */
  private record Stop(ResultRow now, double before, double factor) {
    boolean ended() {
      return now.metric().startsWith(ENDED);
    }

    String quantity() {
      return now.metric().substring(now.metric().indexOf('/') + 1);
    }
  }

  private final List<Stop> stops = new ArrayList<>();

  Stops(List<ResultRow> rows) {
    Map<String, Double> values = new LinkedHashMap<>();
    rows.forEach(row -> values.put(row.key() + row.metric() + row.arm() + row.seed(), row.value()));
    for (ResultRow row : rows) {
      boolean stop = row.metric().startsWith(ENDED) || row.metric().startsWith(UNDONE);
      if (row.source().equals("stage") && stop && !row.metric().equals(FACTOR)) {
        String quantity = row.metric().substring(row.metric().indexOf('/') + 1);
        String end = row.arm() + row.seed();
        stops.add(
            new Stop(
                row,
                values.getOrDefault(row.key() + BEFORE + quantity + end, Double.NaN),
                values.getOrDefault(row.key() + FACTOR + end, 1.0)));
      }
    }
  }

  /** Returns the names of the rows that a table of iterations ends with: {@code 7, ended}. */
  List<String> rows(Spot.Line line) {
    if (!line.branch().isEmpty()) {
      return List.of();
    }
    Map<Integer, Map<String, TreeSet<Long>>> byRound = new TreeMap<>();
    for (Stop stop : stops) {
      if (stop.now().arm().equals(line.arm())) {
        byRound
            .computeIfAbsent(stop.now().round(), round -> new TreeMap<>())
            .computeIfAbsent(stop.ended() ? "ended" : "undone", what -> new TreeSet<>())
            .add(stop.now().seed());
      }
    }
    List<String> rows = new ArrayList<>();
    byRound.forEach(
        (round, outcomes) ->
            outcomes.forEach(
                (what, seeds) ->
                    rows.add(
                        "%d, %s (%s %s)"
                            .formatted(
                                round,
                                what,
                                seeds.size() == 1 ? "seed" : "seeds",
                                Words.list(List.copyOf(seeds))))));
    return rows;
  }

  /** Returns a sentence for each, saying why. */
  List<String> sentences() {
    return stops.stream().map(Stops::sentence).toList();
  }

  private static String sentence(Stop stop) {
    ResultRow now = stop.now();
    String suffix = new Quantity("", now.unit()).suffix();
    Numbers numbers = new Numbers(now.unit().equals("%") ? 2 : 4);
    String outcome =
        stop.ended()
            ? "the rounds ended there, and the last one that held is kept"
            : "from there on the fractions that go were multiplied by " + stop.factor();
    String chosen =
        now.split().equals("test")
            ? ". This was decided on the test split: the arm's test results have been chosen by."
            : ".";
    return "%s, seed %d: iteration %d was undone, as %s%s was %s%s after it and %s%s before the first; %s%s"
        .formatted(
            now.arm(),
            now.seed(),
            now.round(),
            stop.quantity(),
            now.split().isEmpty() ? "" : " on " + now.split(),
            numbers.text(now.value()),
            suffix,
            numbers.text(stop.before()),
            suffix,
            outcome,
            chosen);
  }
}

package io.secateur.report;

import io.secateur.report.Spot.Line;
import io.secateur.study.ResultRow;
import io.secateur.study.RunInfo;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What was measured of whole models: one number per spot, quantity and seed. */
final class Measurements {
  private final RunInfo info;
  private final Map<Spot, Map<String, SortedMap<Long, Double>>> values = new LinkedHashMap<>();
  private final Map<String, Quantity> quantities = new LinkedHashMap<>();
  private final Map<Spot, String> marks = new LinkedHashMap<>();
  private final Map<Spot, String> endLabels = new LinkedHashMap<>();

  Measurements(RunInfo info, List<ResultRow> rows) {
    this.info = info;
    List<ResultRow> measured =
        rows.stream()
            .filter(row -> row.source().equals("measure") && row.layer().isEmpty())
            .toList();
    Map<Place, Set<String>> inRounds = new LinkedHashMap<>();
    for (ResultRow row : measured) {
      inRounds.computeIfAbsent(Place.of(row), place -> new LinkedHashSet<>()).add(mark(row));
    }
    for (RunInfo.Quantity asked : info.quantities()) {
      quantities.put(asked.name(), new Quantity(asked.name(), asked.unit()));
    }
    for (ResultRow row : measured) {
      Spot spot = spot(row, inRounds);
      marks.put(spot, mark(row));
      if (spot.label().isEmpty()
          && !row.label().isEmpty()
          && inRounds.getOrDefault(Place.of(row), Set.of()).size() > 1) {
        endLabels.put(spot, row.label());
      }
      add(spot, Quantity.of(row), row.seed(), row.value());
    }
    gaps();
    Set<String> seen = new LinkedHashSet<>();
    values.values().forEach(perQuantity -> seen.addAll(perQuantity.keySet()));
    quantities.keySet().retainAll(seen);
  }

  private void add(Spot spot, Quantity quantity, long seed, double value) {
    quantities.putIfAbsent(quantity.name(), quantity);
    values
        .computeIfAbsent(spot, each -> new LinkedHashMap<>())
        .computeIfAbsent(quantity.name(), name -> new TreeMap<>())
        .put(seed, value);
  }

  /** How much better a model does on what it was trained on, seed by seed. */
  private void gaps() {
    for (Quantity test : List.copyOf(quantities.values())) {
      for (Map.Entry<Spot, Map<String, SortedMap<Long, Double>>> entry :
          List.copyOf(values.entrySet())) {
        SortedMap<Long, Double> onTrain = entry.getValue().get(test.onTrain().name());
        SortedMap<Long, Double> onTest = entry.getValue().get(test.name());
        if (onTrain != null && onTest != null) {
          onTrain.forEach(
              (seed, value) -> {
                Double tested = onTest.get(seed);
                if (tested != null) {
                  add(entry.getKey(), test.gap(), seed, value - tested);
                }
              });
        }
      }
    }
  }

  /** A round of an arm, in which there may be several spots. */
  private record Place(Line line, int round) {
    static Place of(ResultRow row) {
      return new Place(new Line(row.arm(), row.branch()), row.round());
    }
  }

  private static String mark(ResultRow row) {
    return row.label().isEmpty() ? row.stage() : row.label();
  }

  /** The last spot that any seed reached in a round is its end: rows are in the plan's order. */
  private static Spot spot(ResultRow row, Map<Place, Set<String>> inRounds) {
    Place place = Place.of(row);
    List<String> inRound = new ArrayList<>(inRounds.getOrDefault(place, Set.of()));
    boolean end = inRound.indexOf(mark(row)) == inRound.size() - 1;
    return new Spot(place.line(), place.round(), end ? "" : mark(row));
  }

  /** Returns what was measured, in the order of the study, then of the rows. */
  Collection<Quantity> quantities() {
    return Collections.unmodifiableCollection(quantities.values());
  }

  /** Returns the quantity of a name, if it was measured anywhere. */
  Optional<Quantity> quantity(String name) {
    return Optional.ofNullable(quantities.get(name));
  }

  /** Returns the lines: by arm in the study's order, an arm before its branches. */
  List<Line> lines() {
    Set<Line> seen = new LinkedHashSet<>();
    values.keySet().forEach(spot -> seen.add(spot.line()));
    Set<Line> ordered = new LinkedHashSet<>();
    for (RunInfo.Arm arm : info.arms()) {
      seen.stream()
          .filter(line -> line.arm().equals(arm.name()))
          .sorted((a, b) -> Boolean.compare(!a.branch().isEmpty(), !b.branch().isEmpty()))
          .forEach(ordered::add);
    }
    ordered.addAll(seen);
    return List.copyOf(ordered);
  }

  /** Returns the lines of a line's model: all, where the grid does not vary the model. */
  List<Line> linesOfModel(Line line) {
    String model = model(line);
    return lines().stream().filter(other -> model(other).equals(model)).toList();
  }

  /** Returns the model that a line starts from; empty where all start from the same. */
  String model(Line line) {
    return info.arms().stream()
        .filter(arm -> arm.name().equals(line.arm()))
        .map(RunInfo.Arm::model)
        .findFirst()
        .orElse("");
  }

  /** Returns the ends of a line's rounds, in order. */
  List<Spot> iterations(Line line) {
    return values.keySet().stream()
        .filter(spot -> spot.line().equals(line) && spot.label().isEmpty())
        .sorted((a, b) -> Integer.compare(a.round(), b.round()))
        .toList();
  }

  /** Returns whether a line has rounds. */
  boolean hasRounds(Line line) {
    return values.keySet().stream().anyMatch(spot -> spot.line().equals(line) && spot.round() > 0);
  }

  /** Returns the label that a spot was measured at, else the name of the stage before it. */
  String mark(Spot spot) {
    return marks.getOrDefault(spot, "");
  }

  /**
   * Returns the label of what stands at the end of a round, behind other places in it that were
   * measured too; empty where it has none, or nothing to be told from.
   */
  String endLabel(Spot spot) {
    return endLabels.getOrDefault(spot, "");
  }

  /** Returns all spots of a line, in the order of the plan. */
  List<Spot> places(Line line) {
    return values.keySet().stream().filter(spot -> spot.line().equals(line)).toList();
  }

  /** Returns the other spots, in the order of the plan. */
  List<Spot> labelled() {
    return values.keySet().stream().filter(spot -> !spot.label().isEmpty()).toList();
  }

  /** Returns one value per seed, by seed; empty where it was not measured. */
  SortedMap<Long, Double> values(Spot spot, String quantity) {
    SortedMap<Long, Double> none = Collections.emptySortedMap();
    return Collections.unmodifiableSortedMap(
        values.getOrDefault(spot, Map.of()).getOrDefault(quantity, none));
  }

  /** Returns the mean over seeds; empty where it was not measured. */
  Optional<Interval> interval(Spot spot, String quantity) {
    SortedMap<Long, Double> perSeed = values(spot, quantity);
    return perSeed.isEmpty() ? Optional.empty() : Optional.of(Interval.of(perSeed.values()));
  }

  /** Returns how many seeds have any number at a spot. */
  int seeds(Spot spot) {
    return (int)
        values.getOrDefault(spot, Map.of()).values().stream()
            .flatMap(perSeed -> perSeed.keySet().stream())
            .distinct()
            .count();
  }
}

package io.secateur.report;

import io.secateur.report.Spot.Line;
import io.secateur.report.Table.Column;
import io.secateur.report.Table.Group;
import io.secateur.study.RunInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Arms of the same name in several runs, side by side where their sparsities are the same. */
final class CommonSparsities {
  /** In points. */
  private static final double SAME = 0.5;

  private static final String NONE = "—";
  private static final Numbers POINTS = new Numbers(2);

  private final ComparedRuns runs;
  private final Measurements measurements;

  CommonSparsities(ComparedRuns runs, Measurements measurements) {
    this.runs = runs;
    this.measurements = measurements;
  }

  /** Returns accuracies by run, and how far the later runs are from the first; may be empty. */
  Table table() {
    List<Column> columns = new ArrayList<>(List.of(new Column("Sparsity (%)")));
    runs.names().forEach(name -> columns.add(new Column("Accuracy (%)", name)));
    List<String> others = runs.names().subList(1, runs.names().size());
    others.forEach(
        name ->
            columns.add(
                new Column(
                    "Difference (points), 95 % interval", name + " − " + runs.names().get(0))));
    List<Group> groups = new ArrayList<>();
    for (RunInfo.Arm arm : runs.infos().get(0).arms()) {
      List<List<String>> rows = rows(arm.name());
      if (!rows.isEmpty()) {
        groups.add(new Group(arm.name(), rows));
      }
    }
    return new Table("The same arms at common sparsities", columns, groups);
  }

  private List<List<String>> rows(String arm) {
    List<List<String>> rows = new ArrayList<>();
    for (Spot spot : spots(runs.names().get(0), arm)) {
      Optional<Double> level = sparsity(spot);
      SortedMap<Long, Double> first = measurements.values(spot, Quantity.ACCURACY);
      if (level.isEmpty() || first.isEmpty()) {
        continue;
      }
      List<String> row = new ArrayList<>(List.of(POINTS.text(level.get())));
      List<String> differences = new ArrayList<>();
      row.add(POINTS.text(Interval.of(first.values())));
      boolean common = false;
      for (String run : runs.names().subList(1, runs.names().size())) {
        Optional<Spot> same = nearest(spots(run, arm), level.get());
        SortedMap<Long, Double> values =
            same.map(found -> measurements.values(found, Quantity.ACCURACY))
                .orElse(Collections.emptySortedMap());
        common |= !values.isEmpty();
        row.add(values.isEmpty() ? NONE : POINTS.text(Interval.of(values.values())));
        differences.add(difference(values, first));
      }
      row.addAll(differences);
      if (common) {
        rows.add(row);
      }
    }
    return rows;
  }

  private List<Spot> spots(String run, String arm) {
    return measurements.iterations(new Line(ComparedRuns.arm(run, arm), ""));
  }

  private Optional<Double> sparsity(Spot spot) {
    return measurements.interval(spot, Quantity.SPARSITY).map(Interval::mean);
  }

  private Optional<Spot> nearest(List<Spot> spots, double level) {
    return spots.stream()
        .filter(spot -> distance(spot, level) <= SAME)
        .min(Comparator.comparingDouble(spot -> distance(spot, level)));
  }

  private double distance(Spot spot, double level) {
    return sparsity(spot).map(sparsity -> Math.abs(sparsity - level)).orElse(Double.MAX_VALUE);
  }

  private static String difference(SortedMap<Long, Double> after, SortedMap<Long, Double> before) {
    List<Double> differences = new ArrayList<>();
    after.forEach(
        (seed, value) -> {
          Double other = before.get(seed);
          if (other != null) {
            differences.add(value - other);
          }
        });
    if (differences.isEmpty()) {
      return NONE;
    }
    Interval interval = Interval.of(differences);
    String mean = POINTS.signed(interval.mean());
    return !interval.spread()
        ? mean
        : "%s (%s to %s)"
            .formatted(mean, POINTS.signed(interval.low()), POINTS.signed(interval.high()));
  }
}

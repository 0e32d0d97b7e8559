package io.secateur.report;

import io.secateur.report.Spot.Line;
import io.secateur.report.Table.Column;
import io.secateur.report.Table.Group;
import io.secateur.study.ResultRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How training went, epoch by epoch: means over seeds of what the stages recorded. */
final class TrainingTable {
  /** An epoch, whatever the seed. */
  private record Epoch(Line line, int round, String stage, String label, int epoch) {}

  /** What was recorded, on which split. */
  private record Recorded(String metric, String split, String unit) {
    Column column() {
      String name = new Quantity(metric, unit).title();
      return new Column(split.isEmpty() ? name : name + ", " + split);
    }
  }

  private TrainingTable() {}

  /** Returns the table, a group per arm; empty when no stage recorded epochs. */
  static Table of(List<ResultRow> rows) {
    Set<Recorded> records = new LinkedHashSet<>();
    Map<Epoch, Map<Recorded, SortedMap<Long, Double>>> epochs = new LinkedHashMap<>();
    for (ResultRow row : rows) {
      if (row.source().equals("stage") && row.epoch() > 0 && row.layer().isEmpty()) {
        Recorded record = new Recorded(row.metric(), row.split(), row.unit());
        records.add(record);
        Line line = new Line(row.arm(), row.branch());
        epochs
            .computeIfAbsent(
                new Epoch(line, row.round(), row.stage(), row.label(), row.epoch()),
                epoch -> new LinkedHashMap<>())
            .computeIfAbsent(record, seeds -> new TreeMap<>())
            .put(row.seed(), row.value());
      }
    }
    return new Table("Training", columns(records), groups(records, epochs));
  }

  private static List<Column> columns(Set<Recorded> records) {
    List<Column> columns =
        new ArrayList<>(List.of(new Column("Iteration"), new Column("Stage"), new Column("Epoch")));
    records.forEach(record -> columns.add(record.column()));
    return columns;
  }

  private static List<Group> groups(
      Set<Recorded> records, Map<Epoch, Map<Recorded, SortedMap<Long, Double>>> epochs) {
    Map<Recorded, Numbers> digits = new LinkedHashMap<>();
    for (Recorded record : records) {
      List<Interval> column =
          epochs.values().stream()
              .filter(values -> values.containsKey(record))
              .map(values -> Interval.of(values.getOrDefault(record, new TreeMap<>()).values()))
              .toList();
      digits.put(record, Numbers.of(record.unit(), column));
    }
    Map<Line, List<List<String>>> byLine = new LinkedHashMap<>();
    epochs.forEach(
        (epoch, values) -> {
          List<String> row = new ArrayList<>();
          row.add(Integer.toString(epoch.round()));
          row.add(epoch.label().isEmpty() ? epoch.stage() : epoch.stage() + ", " + epoch.label());
          row.add(Integer.toString(epoch.epoch()));
          digits.forEach((record, numbers) -> row.add(text(values.get(record), numbers)));
          byLine.computeIfAbsent(epoch.line(), line -> new ArrayList<>()).add(row);
        });
    return byLine.entrySet().stream()
        .map(entry -> new Group(entry.getKey().title(), entry.getValue()))
        .toList();
  }

  private static String text(@Nullable SortedMap<Long, Double> values, Numbers numbers) {
    return values == null ? "—" : numbers.text(Interval.of(values.values()));
  }
}

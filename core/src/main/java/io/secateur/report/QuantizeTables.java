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

/** What rounding to integers did, weight by weight, over all seeds. */
final class QuantizeTables {
  private static final String WEIGHTS = "quantized-weights";
  private static final String BEFORE = "zeros-before";
  private static final String ROUNDED = "rounded-to-zero";
  private static final String AFTER = "zeros-after";
  private static final String ERROR = "squared-error";

  /** How the table is to be read. */
  static final String READING =
      "Zeros after are counted among the integers: those there were before, which all stay, and"
          + " weights of less than half a step. Squared error: of all weights' squares, what rounding"
          + " has moved. Two numbers are the least and the most over the seeds.";

  private record Stage(Line line, int round) {
    String title() {
      return "%s, iteration %d".formatted(line.title(), round);
    }
  }

  private record Cell(String layer, String metric) {}

  private final Map<Stage, Map<Cell, List<Double>>> stages = new LinkedHashMap<>();

  QuantizeTables(List<ResultRow> rows) {
    Set<String> metrics = Set.of(WEIGHTS, BEFORE, ROUNDED, AFTER, ERROR);
    for (ResultRow row : rows) {
      if (row.source().equals("stage") && metrics.contains(row.metric())) {
        stages
            .computeIfAbsent(
                new Stage(new Line(row.arm(), row.branch()), row.round()),
                stage -> new LinkedHashMap<>())
            .computeIfAbsent(new Cell(row.layer(), row.metric()), cell -> new ArrayList<>())
            .add(row.value());
      }
    }
  }

  /** Returns one table, a group of rows for every quantization; empty when there was none. */
  Table table() {
    List<Group> groups = new ArrayList<>();
    stages.forEach((stage, cells) -> groups.add(new Group(stage.title(), rows(cells))));
    return new Table(
        "What quantize did",
        List.of(
            new Column("Layer"),
            new Column("Weights"),
            new Column("Zeros before"),
            new Column("Rounded to 0"),
            new Column("Zeros after"),
            new Column("Squared error (%)")),
        groups);
  }

  private static List<List<String>> rows(Map<Cell, List<Double>> cells) {
    Set<String> layers = new LinkedHashSet<>();
    cells.keySet().forEach(cell -> layers.add(cell.layer()));
    List<List<String>> rows = new ArrayList<>();
    for (String layer : layers) {
      List<String> row = new ArrayList<>();
      row.add(layer.isEmpty() ? "all layers" : layer);
      for (String metric : List.of(WEIGHTS, BEFORE, ROUNDED, AFTER)) {
        row.add(range(cells, layer, metric, 1, new Numbers(0)));
      }
      row.add(range(cells, layer, ERROR, 100, new Numbers(4)));
      rows.add(row);
    }
    return rows;
  }

  private static String range(
      Map<Cell, List<Double>> cells, String layer, String metric, double by, Numbers numbers) {
    List<Double> values = cells.getOrDefault(new Cell(layer, metric), List.of());
    if (values.isEmpty()) {
      return "—";
    }
    String least = numbers.text(by * values.stream().mapToDouble(v -> v).min().orElseThrow());
    String most = numbers.text(by * values.stream().mapToDouble(v -> v).max().orElseThrow());
    return least.equals(most) ? least : least + " – " + most;
  }

  /** Returns what a page of tables ends with; nothing when nothing was quantized. */
  String markdown() {
    Table table = table();
    if (table.isEmpty()) {
      return "";
    }
    StringBuilder text = new StringBuilder("\n## Weights: what quantize did\n\n" + READING + "\n");
    for (Group group : table.groups()) {
      Table alone = new Table("", table.columns(), List.of(new Group("", group.rows())));
      text.append("\n### ").append(Table.escaped(group.heading())).append("\n\n");
      text.append(alone.markdown(""));
    }
    return text.toString();
  }
}

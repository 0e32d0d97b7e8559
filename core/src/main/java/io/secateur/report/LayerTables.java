package io.secateur.report;

import io.secateur.report.Spot.Line;
import io.secateur.report.Table.Column;
import io.secateur.report.Table.Group;
import io.secateur.study.ResultRow;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What each prune did, layer by layer: asked and achieved, for every seed, and over all layers. */
final class LayerTables {
  private static final String REQUESTED = "requested";
  private static final String PRUNED = "pruned";
  private static final String WEIGHTS = "weights";

  /** How the tables are to be read. */
  static final String READING =
      "Pruned weights of all weights, counted from the masks, earlier prunes included. Requested:"
          + " the share of the layer's weights that was asked for, earlier prunes included; over all"
          + " layers, of the weights that compete. A layer of which no share was asked, as in a global"
          + " prune, has a dash.";

  /** The n-th prune of a round, whatever the seed. */
  private record Prune(Line line, int round, String stage, int ordinal) {
    String title(boolean several) {
      return "%s, iteration %d%s"
          .formatted(line.title(), round, several ? ", %s %d".formatted(stage, ordinal + 1) : "");
    }
  }

  private record Count(String layer, String metric, long seed) {}

  private final Map<Prune, Map<Count, Double>> prunes = new LinkedHashMap<>();

  LayerTables(List<ResultRow> rows) {
    Map<String, List<String>> keys = new LinkedHashMap<>();
    for (ResultRow row : rows) {
      if (row.source().equals("stage")
          && Set.of(REQUESTED, PRUNED, WEIGHTS).contains(row.metric())) {
        Line line = new Line(row.arm(), row.branch());
        List<String> inRound =
            keys.computeIfAbsent(
                line + " " + row.round() + " " + row.seed(), place -> new ArrayList<>());
        String place = row.key() + " " + row.label();
        if (!inRound.contains(place)) {
          inRound.add(place);
        }
        prunes
            .computeIfAbsent(
                new Prune(line, row.round(), row.stage(), inRound.indexOf(place)),
                prune -> new LinkedHashMap<>())
            .put(new Count(row.layer(), row.metric(), row.seed()), row.value());
      }
    }
    prunes.values().removeIf(counts -> counts.keySet().stream().noneMatch(LayerTables::counted));
  }

  private static boolean counted(Count count) {
    return count.metric().equals(PRUNED);
  }

  /** Returns a table per arm, in which every prune is a group of rows; arms as headings. */
  Map<Line, Table> byLine() {
    Set<Line> lines =
        prunes.keySet().stream()
            .map(Prune::line)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    Map<Line, Table> tables = new LinkedHashMap<>();
    for (Line line : lines) {
      Set<Long> seeds = new TreeSet<>();
      Map<Prune, Map<Count, Double>> own = new LinkedHashMap<>();
      prunes.forEach(
          (prune, counts) -> {
            if (prune.line().equals(line)) {
              own.put(prune, counts);
              counts.keySet().forEach(count -> seeds.add(count.seed()));
            }
          });
      tables.put(line, table(line, own, List.copyOf(seeds)));
    }
    return tables;
  }

  private static Table table(Line line, Map<Prune, Map<Count, Double>> prunes, List<Long> seeds) {
    List<Column> columns =
        new ArrayList<>(
            List.of(new Column("Layer"), new Column("Weights"), new Column("Requested (%)")));
    seeds.forEach(seed -> columns.add(new Column("Pruned", "seed " + seed)));
    List<Group> groups = new ArrayList<>();
    prunes.forEach(
        (prune, counts) -> {
          boolean several =
              prunes.keySet().stream().anyMatch(p -> p.round() == prune.round() && p.ordinal() > 0);
          groups.add(new Group(prune.title(several), rows(counts, seeds)));
        });
    return new Table(line.title(), columns, groups);
  }

  private static List<List<String>> rows(Map<Count, Double> counts, List<Long> seeds) {
    Set<String> layers = new LinkedHashSet<>();
    counts.keySet().stream().map(Count::layer).filter(l -> !l.isEmpty()).forEach(layers::add);
    if (counts.keySet().stream().anyMatch(count -> count.layer().isEmpty())) {
      layers.add("");
    }
    List<List<String>> rows = new ArrayList<>();
    for (String layer : layers) {
      List<String> row = new ArrayList<>();
      row.add(layer.isEmpty() ? "all layers" : layer);
      row.add(alike(counts, layer, WEIGHTS, seeds, new Numbers(0)));
      row.add(alike(counts, layer, REQUESTED, seeds, new Numbers(2)));
      for (long seed : seeds) {
        row.add(achieved(counts, layer, seed));
      }
      rows.add(row);
    }
    return rows;
  }

  /** What all seeds have in common, or from the least to the most. */
  private static String alike(
      Map<Count, Double> counts, String layer, String metric, List<Long> seeds, Numbers numbers) {
    List<Double> values = new ArrayList<>();
    for (long seed : seeds) {
      Double value = counts.get(new Count(layer, metric, seed));
      if (value != null) {
        values.add(value);
      }
    }
    if (values.isEmpty()) {
      return "—";
    }
    String least = numbers.text(values.stream().mapToDouble(v -> v).min().orElseThrow());
    String most = numbers.text(values.stream().mapToDouble(v -> v).max().orElseThrow());
    return least.equals(most) ? least : least + " – " + most;
  }

  private static String achieved(Map<Count, Double> counts, String layer, long seed) {
    Double pruned = counts.get(new Count(layer, PRUNED, seed));
    Double weights = counts.get(new Count(layer, WEIGHTS, seed));
    if (pruned == null || weights == null) {
      return "—";
    }
    double percent = weights == 0 ? 0 : 100 * pruned / weights;
    return String.format(Locale.ROOT, "%,.0f / %,.0f (%.2f %%)", pruned, weights, percent);
  }

  /** Returns all tables as one Markdown page. */
  String markdown(String study) {
    StringBuilder text =
        new StringBuilder("# %s: what each prune did\n\n".formatted(Table.escaped(study)));
    text.append(prunes.isEmpty() ? "No stage of this run pruned.\n" : READING + "\n");
    byLine()
        .forEach(
            (line, table) -> {
              text.append("\n## ").append(Table.escaped(line.title())).append('\n');
              for (Group group : table.groups()) {
                Table alone = new Table("", table.columns(), List.of(new Group("", group.rows())));
                text.append("\n### ").append(Table.escaped(group.heading())).append("\n\n");
                text.append(alone.markdown(""));
              }
            });
    return text.toString();
  }
}

package io.secateur.report;

import io.secateur.report.Chart.Point;
import io.secateur.report.Spot.Line;
import io.secateur.report.Table.Column;
import io.secateur.report.Table.Group;
import io.secateur.study.RunInfo;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The models that no other measured model beats in accuracy and in size, or in accuracy and in
 * time: the Pareto front. It goes by means, as a choice among models would.
 */
final class Pareto {
  static final String NAME = "Pareto front: no model is better in both";

  static final String READING =
      "Models are compared by their means. They are chosen by the test examples that also rate them,"
          + " so that the best of many looks a little better than it is.";

  private static final int LEAST = 2;
  private static final double MILLISECONDS = 1000;

  private final RunInfo info;
  private final Measurements measurements;
  private final Sizes sizes;
  private final List<Cost> costs = new ArrayList<>();

  Pareto(RunInfo info, Measurements measurements) {
    this.info = info;
    this.measurements = measurements;
    this.sizes = new Sizes(measurements);
    if (measurements.quantity(Quantity.ACCURACY).isPresent()) {
      size().ifPresent(costs::add);
      MainTable.latency(measurements).ifPresent(latency -> costs.add(time(latency)));
    }
    costs.removeIf(cost -> front(cost).models() < LEAST);
  }

  /**
   * What a model costs.
   *
   * @param words within a sentence
   * @param bySpot the cost by seed
   * @param further a column that says more, by its header; empty for none
   */
  private record Cost(
      String id,
      String words,
      String title,
      String unit,
      Function<Spot, SortedMap<Long, Double>> bySpot,
      String further,
      Function<Spot, String> said) {}

  private Optional<Cost> size() {
    if (sizes.measured()) {
      return Optional.of(
          new Cost(
              "pareto-size",
              "size",
              "Size of the smallest file (MB)",
              "MB",
              sizes::smallest,
              "Encoding",
              spot -> sizes.encoding(spot).orElse("—")));
    }
    return measurements
        .quantity(Quantity.NON_ZERO_PARAMETERS)
        .map(
            kept ->
                new Cost(
                    "pareto-size",
                    "parameters",
                    "Parameters that are not 0",
                    "",
                    spot -> measurements.values(spot, kept.name()),
                    "",
                    spot -> ""));
  }

  private Cost time(Quantity latency) {
    String words =
        "Latency (ms), %s, %s"
            .formatted(
                latency.timing().orElseThrow().words(), Words.count(info.threads(), "thread"));
    return new Cost(
        "pareto-latency",
        "latency",
        words,
        "ms",
        spot -> {
          SortedMap<Long, Double> times = new TreeMap<>();
          measurements
              .values(spot, latency.name())
              .forEach((seed, time) -> times.put(seed, MILLISECONDS * time));
          return times;
        },
        "",
        spot -> "");
  }

  /** A model on its two axes. */
  private record Placed(Spot spot, Interval cost, Interval accuracy) {
    boolean same(Placed other) {
      return cost.mean() == other.cost.mean() && accuracy.mean() == other.accuracy.mean();
    }
  }

  /**
   * A front, from the cheapest to the most accurate.
   *
   * @param best models that are the same, and so stand at one place, together
   * @param models how many different ones there are in all
   */
  private record Front(List<List<Placed>> best, int models) {}

  private Front front(Cost cost) {
    List<Placed> placed = new ArrayList<>();
    for (Line line : measurements.lines()) {
      for (Spot spot : spots(line)) {
        List<Double> costs = new ArrayList<>();
        List<Double> accuracies = new ArrayList<>();
        SortedMap<Long, Double> byCost = cost.bySpot().apply(spot);
        measurements
            .values(spot, Quantity.ACCURACY)
            .forEach(
                (seed, accuracy) -> {
                  double at = byCost.getOrDefault(seed, Double.NaN);
                  if (Double.isFinite(at) && Double.isFinite(accuracy)) {
                    costs.add(at);
                    accuracies.add(accuracy);
                  }
                });
        if (!costs.isEmpty()) {
          placed.add(new Placed(spot, Interval.of(costs), Interval.of(accuracies)));
        }
      }
    }
    placed.sort(
        Comparator.comparingDouble((Placed each) -> each.cost().mean())
            .thenComparing(
                Comparator.comparingDouble((Placed p) -> p.accuracy().mean()).reversed()));
    List<List<Placed>> best = new ArrayList<>();
    int different = 0;
    for (int i = 0; i < placed.size(); i++) {
      Placed each = placed.get(i);
      boolean again = i > 0 && each.same(placed.get(i - 1));
      different += again ? 0 : 1;
      Optional<Placed> last =
          best.isEmpty() ? Optional.empty() : Optional.of(best.get(best.size() - 1).get(0));
      if (last.isPresent() && again && each.same(last.get())) {
        best.get(best.size() - 1).add(each);
      } else if (last.isEmpty() || each.accuracy().mean() > last.get().accuracy().mean()) {
        best.add(new ArrayList<>(List.of(each)));
      }
    }
    return new Front(best, different);
  }

  /** A pipeline without rounds has its dense model at a place before its end. */
  private List<Spot> spots(Line line) {
    return measurements.hasRounds(line) ? measurements.iterations(line) : measurements.places(line);
  }

  /** Returns a figure for each cost that was measured. */
  List<Figure> figures() {
    List<Figure> figures = new ArrayList<>();
    for (Cost cost : costs) {
      List<Chart.Curve> curves =
          new Curves(info, measurements).of(cost.bySpot(), Quantity.ACCURACY, true, this::spots);
      List<Chart.Dot> dots = curves.stream().flatMap(curve -> curve.dots().stream()).toList();
      double widest = dots.stream().mapToDouble(dot -> dot.x().mean()).max().orElse(0);
      figures.add(
          new Chart(
              cost.id(),
              "Accuracy against " + cost.words() + ": the Pareto front",
              Charts.reading(dots, true),
              "Each point is a measured model. On the line lie those that no other one beats in"
                  + " both, by the means; where intervals overlap, which of two is better is not"
                  + " shown.",
              new Chart.Upwards("Test accuracy (%)", true),
              List.of(
                  new Chart.Panel(
                      "", cost.title(), curves, Double.NaN, "", corners(front(cost), widest))),
              true));
    }
    return figures;
  }

  /** Returns the corners of the steps: up to a model's cost, the one before it is the best. */
  private static List<Point> corners(Front front, double widest) {
    List<Point> corners = new ArrayList<>();
    double height = Double.NaN;
    for (List<Placed> best : front.best()) {
      Placed model = best.get(0);
      if (!corners.isEmpty()) {
        corners.add(new Point(model.cost().mean(), height));
      }
      height = model.accuracy().mean();
      corners.add(new Point(model.cost().mean(), height));
    }
    corners.add(new Point(widest, height));
    return corners;
  }

  /** Returns a table of the models on each front. */
  List<Table> tables() {
    List<Table> tables = new ArrayList<>();
    for (Cost cost : costs) {
      Front front = front(cost);
      List<Column> columns = new ArrayList<>(List.of(new Column("Model")));
      boolean sparse = measurements.quantity(Quantity.SPARSITY).isPresent();
      if (sparse) {
        columns.add(new Column("Sparsity (%)"));
      }
      columns.add(new Column("Accuracy (%)"));
      columns.add(new Column(cost.title()));
      if (!cost.further().isEmpty()) {
        columns.add(new Column(cost.further()));
      }
      Numbers numbers =
          Numbers.of(cost.unit(), front.best().stream().map(best -> best.get(0).cost()).toList());
      List<List<String>> rows = new ArrayList<>();
      for (List<Placed> best : front.best()) {
        Placed model = best.get(0);
        List<String> row = new ArrayList<>(List.of(names(best)));
        if (sparse) {
          row.add(
              measurements
                  .interval(model.spot(), Quantity.SPARSITY)
                  .map(new Numbers(2)::text)
                  .orElse("—"));
        }
        row.add(new Numbers(2).text(model.accuracy()));
        row.add(numbers.text(model.cost()));
        if (!cost.further().isEmpty()) {
          row.add(cost.said().apply(model.spot()));
        }
        rows.add(row);
      }
      tables.add(
          new Table(
              "Pareto front of accuracy and %s: %d of %s"
                  .formatted(cost.words(), rows.size(), Words.count(front.models(), "model")),
              columns,
              List.of(new Group("", rows))));
    }
    return tables;
  }

  private String names(List<Placed> same) {
    Map<String, List<String>> byPlace = new LinkedHashMap<>();
    for (Placed each : same) {
      byPlace
          .computeIfAbsent(place(each.spot()), place -> new ArrayList<>())
          .add(each.spot().line().title());
    }
    List<String> names = new ArrayList<>();
    byPlace.forEach((place, lines) -> names.add(Words.list(lines) + ", " + place));
    return String.join("; ", names);
  }

  private String place(Spot spot) {
    return measurements.hasRounds(spot.line())
        ? "iteration " + spot.round()
        : measurements.mark(spot);
  }
}

package io.secateur.report;

import io.secateur.report.SensitivitySweep.Panel;
import io.secateur.report.SensitivitySweep.Step;
import io.secateur.report.SensitivitySweep.Swept;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** Draws a sweep: a line per layer, from the model before pruning on. */
final class SensitivityChart {
  private static final double PERCENT = 100;

  private final SensitivitySweep sweep;

  SensitivityChart(SensitivitySweep sweep) {
    this.sweep = sweep;
  }

  Chart chart() {
    Quantity quantity = new Quantity(sweep.quantity().name(), sweep.quantity().unit());
    List<Chart.Panel> panels = new ArrayList<>();
    for (Panel panel : sweep.panels()) {
      List<Chart.Curve> curves = new ArrayList<>();
      for (Swept layer : panel.layers()) {
        curves.add(new Chart.Curve(layer.name(), curves.size(), curves.size(), false, dots(layer)));
      }
      panels.add(
          new Chart.Panel(
              panel.name(), "Pruned of the %s (%%)".formatted(sweep.by()), curves, Double.NaN, ""));
    }
    List<Chart.Dot> dots =
        panels.stream()
            .flatMap(panel -> panel.curves().stream())
            .flatMap(curve -> curve.dots().stream())
            .toList();
    if (dots.isEmpty()) {
      throw new NotDrawnException("no point of it has finite values");
    }
    return new Chart(
        sweep.figure().id(),
        "%s when one %s alone is pruned".formatted(quantity.inWords(), sweep.by()),
        Charts.reading(dots, false),
        "One line per %s, each of which was pruned alone; all start at the same model."
            .formatted(sweep.by()),
        new Chart.Upwards(quantity.title(), quantity.unit().equals("%")),
        panels,
        true);
  }

  private List<Chart.Dot> dots(Swept layer) {
    List<Chart.Dot> dots = new ArrayList<>();
    add(dots, 0, sweep.start());
    for (Step step : layer.steps()) {
      add(dots, PERCENT * step.fraction(), step.values());
    }
    return dots;
  }

  private static void add(List<Chart.Dot> dots, double x, SortedMap<Long, Double> values) {
    List<Double> finite = values.values().stream().filter(Double::isFinite).toList();
    if (!finite.isEmpty()) {
      double at = Math.rint(x * 1e9) / 1e9;
      dots.add(
          new Chart.Dot(
              new Interval(at, 0, finite.size()),
              Interval.of(finite),
              finite.stream().map(y -> new Chart.Point(at, y)).toList()));
    }
  }
}

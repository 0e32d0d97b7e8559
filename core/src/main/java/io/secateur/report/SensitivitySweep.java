package io.secateur.report;

import io.secateur.study.Figure.Sensitivity;
import io.secateur.study.ResultRow;
import io.secateur.study.RunInfo;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What was measured while layers, or groups of them, were pruned one at a time: read from the arms
 * of a grid over layers and fractions.
 *
 * @param by the axis that names layers
 * @param quantity what is lost, and whether more of it is better
 * @param start the quantity before pruning, by seed
 * @param panels one for every combination of the grid's other axes
 */
record SensitivitySweep(
    Sensitivity figure,
    String by,
    RunInfo.Quantity quantity,
    SortedMap<Long, Double> start,
    List<Panel> panels) {
  SensitivitySweep {
    start = Collections.unmodifiableSortedMap(new TreeMap<>(start));
    panels = List.copyOf(panels);
  }

  /**
   * Layers that were swept in one way.
   *
   * @param name the labels on the other axes; empty when there are none
   * @param weights how many prunable weights the model has
   * @param idle how many of those that no layer lost were gone before
   */
  record Panel(String name, List<Swept> layers, long weights, long idle) {
    Panel {
      layers = List.copyOf(layers);
    }
  }

  /**
   * A layer or group, pruned more and more.
   *
   * @param parts the weights that were pruned, those of coupled units together
   * @param steps by fraction
   */
  record Swept(String name, List<Part> parts, List<Step> steps) {
    Swept {
      parts = List.copyOf(parts);
      steps = List.copyOf(steps);
    }

    /** Returns how many weights could go at most. */
    long cells() {
      return parts.stream().mapToLong(Part::cells).sum();
    }
  }

  /**
   * What loses its units together.
   *
   * @param names its weights
   * @param units how many can go: single weights, or coupled units
   * @param cells weights in all of them
   * @param before units that were gone before the sweep
   */
  record Part(List<String> names, long units, long cells, long before) {
    Part {
      names = List.copyOf(names);
    }
  }

  /**
   * One fraction.
   *
   * @param values the quantity, by seed
   * @param gone units of each part that are gone, in the order of the parts
   */
  record Step(double fraction, SortedMap<Long, Double> values, List<Long> gone) {
    Step {
      values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
      gone = List.copyOf(gone);
    }
  }

  /**
   * Reads a sweep.
   *
   * @throws NotDrawnException when the run holds none
   */
  static SensitivitySweep of(Sensitivity figure, Evidence evidence) {
    return new Reader(figure, evidence).sweep();
  }

  /** Returns what is lost against the start, for the seeds that have both. */
  Interval loss(Step step) {
    List<Double> losses = new ArrayList<>();
    step.values()
        .forEach(
            (seed, value) -> {
              Double before = start.get(seed);
              if (before != null) {
                losses.add(quantity.higherIsBetter() ? before - value : value - before);
              }
            });
    return losses.isEmpty() ? new Interval(Double.NaN, Double.NaN, 0) : Interval.of(losses);
  }

  /** Reads rows. */
  private static final class Reader {
    private final Sensitivity figure;
    private final RunInfo info;
    private final Measurements measurements;
    private final Map<String, Map<String, Counts>> pruned = new LinkedHashMap<>();

    Reader(Sensitivity figure, Evidence evidence) {
      this.figure = figure;
      this.info = evidence.info();
      this.measurements = evidence.measurements();
      for (ResultRow row : evidence.rows()) {
        if (row.source().equals("stage") && row.branch().isEmpty()) {
          pruned
              .computeIfAbsent(row.arm(), arm -> new LinkedHashMap<>())
              .computeIfAbsent(row.layer(), layer -> new Counts())
              .add(row);
        }
      }
    }

    /** What the last prune of an arm recorded of a weight, or of a space of coupled units. */
    private static final class Counts {
      private long pruned;
      private long weights;
      private long unitsPruned;
      private long units;
      private long slices;

      void add(ResultRow row) {
        switch (row.metric()) {
          case "pruned" -> pruned = (long) row.value();
          case "weights" -> weights = (long) row.value();
          case "pruned-units" -> unitsPruned = (long) row.value();
          case "units" -> units = (long) row.value();
          case "slices" -> slices = (long) row.value();
          default -> {}
        }
      }
    }

    SensitivitySweep sweep() {
      RunInfo.Quantity quantity =
          info.quantities().stream()
              .filter(each -> each.name().equals(figure.metric()))
              .findFirst()
              .orElseThrow(() -> new NotDrawnException(figure.metric() + " was not measured"));
      Map<String, Map<String, List<RunInfo.Arm>>> grid = new LinkedHashMap<>();
      for (RunInfo.Arm arm : info.arms()) {
        if (fraction(arm).isPresent() && arm.axes().containsKey(info.by())) {
          grid.computeIfAbsent(others(arm), panel -> new LinkedHashMap<>())
              .computeIfAbsent(arm.axes().getOrDefault(info.by(), ""), layer -> new ArrayList<>())
              .add(arm);
        }
      }
      SortedMap<Long, Double> start = start();
      List<Panel> panels = new ArrayList<>();
      grid.forEach((name, layers) -> panels.add(panel(name, layers)));
      panels.removeIf(panel -> panel.layers().isEmpty());
      if (panels.isEmpty()) {
        throw new NotDrawnException(
            "no arm that has a fraction on the axis '%s' was measured".formatted(figure.axis()));
      }
      return new SensitivitySweep(figure, info.by(), quantity, start, panels);
    }

    private OptionalDouble fraction(RunInfo.Arm arm) {
      String label = arm.axes().get(figure.axis());
      return label == null ? OptionalDouble.empty() : Sensitivity.fraction(label);
    }

    private String others(RunInfo.Arm arm) {
      List<String> labels = new ArrayList<>();
      arm.axes()
          .forEach(
              (axis, label) -> {
                if (!axis.equals(figure.axis()) && !axis.equals(info.by())) {
                  labels.add(label);
                }
              });
      return String.join(", ", labels);
    }

    /** The first place of any arm that is not its end; all arms share it. */
    private SortedMap<Long, Double> start() {
      for (Spot.Line line : measurements.lines()) {
        List<Spot> places = measurements.places(line);
        if (places.size() > 1 && line.branch().isEmpty()) {
          return measurements.values(places.get(0), figure.metric());
        }
      }
      for (RunInfo.Arm arm : info.arms()) {
        Optional<Spot> end = end(arm);
        if (end.isPresent() && fraction(arm).orElse(1) == 0) {
          return measurements.values(end.get(), figure.metric());
        }
      }
      throw new NotDrawnException(
          "the model before pruning was not measured: give the stage before the prune a label, or"
              + " the axis '%s' a 0".formatted(figure.axis()));
    }

    private Optional<Spot> end(RunInfo.Arm arm) {
      List<Spot> ends = measurements.iterations(new Spot.Line(arm.name(), ""));
      return ends.isEmpty() ? Optional.empty() : Optional.of(ends.get(ends.size() - 1));
    }

    private Panel panel(String name, Map<String, List<RunInfo.Arm>> layers) {
      List<RunInfo.Arm> all = layers.values().stream().flatMap(List::stream).toList();
      List<Swept> swept = new ArrayList<>();
      layers.forEach(
          (label, arms) -> {
            List<RunInfo.Arm> rising = new ArrayList<>(arms);
            rising.removeIf(arm -> end(arm).isEmpty() || fraction(arm).orElse(0) == 0);
            rising.sort(Comparator.comparingDouble(arm -> fraction(arm).orElse(0)));
            List<Part> parts = parts(rising, all);
            List<Step> steps = new ArrayList<>();
            for (RunInfo.Arm arm : rising) {
              SortedMap<Long, Double> values =
                  measurements.values(end(arm).orElseThrow(), figure.metric());
              if (!values.isEmpty()) {
                List<Long> gone = parts.stream().map(part -> gone(arm, part)).toList();
                steps.add(new Step(fraction(arm).orElse(0), values, gone));
              }
            }
            if (!steps.isEmpty()) {
              swept.add(new Swept(label, parts, steps));
            }
          });
      long weights =
          all.stream()
              .map(arm -> pruned.getOrDefault(arm.name(), Map.of()).get(""))
              .mapToLong(counts -> counts == null ? 0 : counts.weights)
              .max()
              .orElse(0);
      return new Panel(name, swept, weights, idle(swept, all));
    }

    private long idle(List<Swept> swept, List<RunInfo.Arm> all) {
      Set<String> names = new TreeSet<>();
      for (RunInfo.Arm arm : all) {
        pruned
            .getOrDefault(arm.name(), Map.of())
            .forEach(
                (name, counts) -> {
                  if (!name.isEmpty() && counts.units == 0) {
                    names.add(name);
                  }
                });
      }
      swept.forEach(layer -> layer.parts().forEach(part -> names.removeAll(part.names())));
      return names.stream().mapToLong(name -> least(name, all)).sum();
    }

    /** What a layer's arms took and other layers' did not. */
    private List<Part> parts(List<RunInfo.Arm> arms, List<RunInfo.Arm> all) {
      List<RunInfo.Arm> others = new ArrayList<>(all);
      others.removeAll(arms);
      Map<String, Part> parts = new LinkedHashMap<>();
      for (RunInfo.Arm arm : arms) {
        Map<String, Counts> recorded = pruned.getOrDefault(arm.name(), Map.of());
        boolean coupled = recorded.values().stream().anyMatch(counts -> counts.units > 0);
        recorded.forEach(
            (name, counts) -> {
              long before = least(name, others);
              boolean unit = counts.units > 0 || !coupled;
              if (!name.isEmpty() && unit && gone(arm, name) > before) {
                List<String> names = List.of(name.split(" \\+ "));
                long cells = names.stream().mapToLong(each -> cells(recorded, each)).sum();
                long units =
                    coupled ? counts.units : counts.slices > 0 ? counts.slices : counts.weights;
                long gone = coupled ? before : before * units / cells;
                parts.put(name, new Part(names, units, cells, gone));
              }
            });
      }
      return List.copyOf(parts.values());
    }

    private static long cells(Map<String, Counts> recorded, String name) {
      Counts counts = recorded.get(name);
      return counts == null ? 0 : counts.weights;
    }

    /** What is gone in all other layers' arms was gone before. */
    private long least(String name, List<RunInfo.Arm> others) {
      return others.stream().mapToLong(arm -> gone(arm, name)).min().orElse(0);
    }

    private long gone(RunInfo.Arm arm, Part part) {
      long gone = gone(arm, String.join(" + ", part.names()));
      Counts counts = pruned.getOrDefault(arm.name(), Map.of()).get(part.names().get(0));
      boolean slices = counts != null && counts.slices > 0;
      return slices ? gone * part.units() / part.cells() : gone;
    }

    private long gone(RunInfo.Arm arm, String name) {
      Counts counts = pruned.getOrDefault(arm.name(), Map.of()).get(name);
      return counts == null ? 0 : counts.units > 0 ? counts.unitsPruned : counts.pruned;
    }
  }
}

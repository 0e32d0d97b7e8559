package io.secateur.report;

import io.secateur.report.Chart.Curve;
import io.secateur.report.Chart.Dot;
import io.secateur.report.Chart.Point;
import io.secateur.report.Spot.Line;
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
 * Chooses a figure's lines: one per label of the axis that the study names, else one per arm. Arms
 * that share a label are joined into one line when each of them is a single point, as the cells of
 * a grid over sparsities are; else they share its colour.
 */
final class Curves {
  private final Measurements measurements;
  private final Map<String, List<Line>> groups = new LinkedHashMap<>();

  Curves(RunInfo info, Measurements measurements) {
    this.measurements = measurements;
    Map<String, String> labels = new LinkedHashMap<>();
    for (RunInfo.Arm arm : info.arms()) {
      labels.put(arm.name(), arm.axes().getOrDefault(info.by(), arm.name()));
    }
    for (Line line : measurements.lines()) {
      groups
          .computeIfAbsent(labels.getOrDefault(line.arm(), line.arm()), label -> new ArrayList<>())
          .add(line);
    }
  }

  /** Returns what each line is of, where arms that share a label may have kept lines apart. */
  static String each(String by, List<Curve> curves) {
    if (by.isEmpty()) {
      return "arm";
    }
    boolean apart = curves.stream().map(Curve::colour).distinct().count() < curves.size();
    return apart ? "arm, a colour per " + by : by;
  }

  /**
   * Returns the lines.
   *
   * @param x the quantity that goes to the right, times {@code scale}
   * @param y the quantity that goes upwards
   * @param bars whether intervals become bars along both axes
   */
  List<Curve> of(String x, String y, double scale, boolean bars) {
    return of(spot -> scaled(measurements.values(spot, x), scale), y, bars);
  }

  private static SortedMap<Long, Double> scaled(SortedMap<Long, Double> values, double scale) {
    SortedMap<Long, Double> scaled = new TreeMap<>();
    values.forEach((seed, value) -> scaled.put(seed, scale * value));
    return scaled;
  }

  /** Returns the lines over what is worked out for each spot, by seed. */
  List<Curve> of(Function<Spot, SortedMap<Long, Double>> x, String y, boolean bars) {
    return of(x, y, bars, measurements::iterations);
  }

  /** Returns the lines over these spots of each. */
  List<Curve> of(
      Function<Spot, SortedMap<Long, Double>> x,
      String y,
      boolean bars,
      Function<Line, List<Spot>> spots) {
    List<Curve> curves = new ArrayList<>();
    int colour = 0;
    for (Map.Entry<String, List<Line>> group : groups.entrySet()) {
      for (Map.Entry<String, List<Spot>> joined : joined(group, spots).entrySet()) {
        List<Dot> dots = new ArrayList<>();
        joined.getValue().forEach(spot -> dot(spot, x, y).ifPresent(dots::add));
        if (joined.getKey().equals(group.getKey()) && group.getValue().size() > 1) {
          dots.sort(Comparator.comparingDouble(dot -> dot.x().mean()));
        }
        if (!dots.isEmpty()) {
          curves.add(new Curve(joined.getKey(), colour, curves.size(), bars, dots));
        }
      }
      colour++;
    }
    return curves;
  }

  /** Returns the spots of each line of a group, by the line's name. */
  private Map<String, List<Spot>> joined(
      Map.Entry<String, List<Line>> group, Function<Line, List<Spot>> spots) {
    Map<String, List<Spot>> joined = new LinkedHashMap<>();
    List<Line> lines = group.getValue();
    boolean single = lines.stream().allMatch(line -> measurements.iterations(line).size() == 1);
    long arms = lines.stream().map(Line::arm).distinct().count();
    for (Line line : lines) {
      String arm = arms == 1 || single ? group.getKey() : line.arm();
      joined
          .computeIfAbsent(new Line(arm, line.branch()).title(), name -> new ArrayList<>())
          .addAll(spots.apply(line));
    }
    return joined;
  }

  /** Returns a spot's mean over the seeds that have both numbers, both finite. */
  private Optional<Dot> dot(Spot spot, Function<Spot, SortedMap<Long, Double>> right, String up) {
    SortedMap<Long, Double> xs = right.apply(spot);
    SortedMap<Long, Double> ys = measurements.values(spot, up);
    List<Point> seeds = new ArrayList<>();
    xs.forEach(
        (seed, x) -> {
          double y = ys.getOrDefault(seed, Double.NaN);
          if (Double.isFinite(x) && Double.isFinite(y)) {
            seeds.add(new Point(x, y));
          }
        });
    return seeds.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Dot(
                Interval.of(seeds.stream().map(Point::x).toList()),
                Interval.of(seeds.stream().map(Point::y).toList()),
                seeds));
  }
}

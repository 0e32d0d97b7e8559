package io.secateur.report;

import io.secateur.report.Spot.Line;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** Says whether pruning changed the time that a batch takes, with the measured ratio. */
final class Speed {
  private final Measurements measurements;
  private final Baselines baselines;

  Speed(Measurements measurements) {
    this.measurements = measurements;
    this.baselines = new Baselines(measurements);
  }

  /** Returns a sentence per line whose last model was timed beside the dense one. */
  List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    MainTable.latency(measurements)
        .ifPresent(
            latency ->
                measurements
                    .lines()
                    .forEach(line -> sentence(line, latency).ifPresent(sentences::add)));
    return sentences;
  }

  private Optional<String> sentence(Line line, Quantity latency) {
    List<Spot> spots = measurements.iterations(line);
    Optional<Spot> dense = baselines.of(line);
    if (spots.isEmpty() || dense.isEmpty()) {
      return Optional.empty();
    }
    Spot last = spots.get(spots.size() - 1);
    List<Double> ratios = ratios(last, dense.get(), latency);
    if (last.equals(dense.get()) || ratios.isEmpty()) {
      return Optional.empty();
    }
    int batch = latency.timing().orElseThrow().batch();
    String measured =
        "%s a batch of %d took %s"
            .formatted(Findings.at(measurements, last).strip(), batch, ratio(Interval.of(ratios)));
    return Optional.of(
        verdict(Interval.of(ratios), zerosOnly(last, dense.get()), line.title()) + measured + ".");
  }

  /** Last over dense, for every seed that has both. */
  private List<Double> ratios(Spot last, Spot dense, Quantity latency) {
    SortedMap<Long, Double> before = measurements.values(dense, latency.name());
    List<Double> ratios = new ArrayList<>();
    measurements
        .values(last, latency.name())
        .forEach(
            (seed, time) -> {
              double ratio = time / before.getOrDefault(seed, Double.NaN);
              if (Double.isFinite(ratio)) {
                ratios.add(ratio);
              }
            });
    return ratios;
  }

  private static String ratio(Interval interval) {
    // An interval that leaves out 1 must not read 0.98–1.00.
    boolean close = interval.excludes(1) && Math.abs(interval.mean() - 1) < 0.1;
    Numbers digits = new Numbers(close ? 3 : 2);
    String mean = digits.text(interval.mean()) + " × the dense time ";
    return mean
        + (Double.isNaN(interval.halfWidth())
            ? "(one seed, so no interval)"
            : "(95 %% interval %s–%s, n = %d)"
                .formatted(
                    digits.text(interval.low()), digits.text(interval.high()), interval.n()));
  }

  /** Matrices of unchanged shape: what was pruned is still there, as zeros. */
  private boolean zerosOnly(Spot last, Spot dense) {
    SortedMap<Long, Double> before = measurements.values(dense, Quantity.PARAMETERS);
    SortedMap<Long, Double> after = measurements.values(last, Quantity.PARAMETERS);
    return before.equals(after);
  }

  private static String verdict(Interval ratio, boolean zerosOnly, String line) {
    String what = zerosOnly ? "Unstructured zeros" : "Pruning";
    if (Double.isNaN(ratio.halfWidth())) {
      return line + ": ";
    }
    if (!ratio.excludes(1)) {
      return "%s brought no speed here (%s): ".formatted(what, line);
    }
    return ratio.mean() < 1
        ? "%s made inference faster here (%s): ".formatted(what, line)
        : "%s made inference slower here (%s): ".formatted(what, line);
  }
}

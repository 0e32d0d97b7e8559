package io.secateur.report;

import io.secateur.report.Spot.Line;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/** Says whether pruning changed the time that a batch takes, with the measured ratio. */
final class Speed {
  /** Behind what the engine's arithmetic does not explain. */
  private static final String DOUBT =
      "The engine multiplies zeros as it does all numbers, and each model was timed when it was"
          + " ready, so that a machine whose speed changed meanwhile shows in its ratio:"
          + " 'secateur measure' times all models in turns.";

  private final Measurements measurements;
  private final boolean inTurns;
  private final Baselines baselines;

  /**
   * What timings say.
   *
   * @param inTurns whether they were taken in rounds through all models
   */
  Speed(Measurements measurements, boolean inTurns) {
    this.measurements = measurements;
    this.inTurns = inTurns;
    this.baselines = new Baselines(measurements);
  }

  /**
   * Returns a sentence per finding about the lines whose last model was timed beside the dense one;
   * lines that show the same, over as many seeds and at the same place, share theirs.
   */
  List<String> sentences() {
    Map<String, List<Timed>> findings = new LinkedHashMap<>();
    MainTable.latency(measurements)
        .ifPresent(
            latency -> {
              for (Line line : measurements.lines()) {
                timed(line, latency)
                    .ifPresent(
                        timed ->
                            findings
                                .computeIfAbsent(timed.finding(), finding -> new ArrayList<>())
                                .add(timed));
              }
            });
    List<String> sentences = new ArrayList<>();
    findings.values().forEach(same -> sentences.add(sentence(same)));
    if (!inTurns && findings.values().stream().flatMap(List::stream).anyMatch(Timed::isOdd)) {
      sentences.add(DOUBT);
    }
    return sentences;
  }

  /**
   * A line's last model beside the dense one.
   *
   * @param verdict what the interval shows; empty where there is none
   * @param place at which sparsity, and which batch
   * @param zerosOnly whether its matrices have the dense one's shapes
   * @param ratio last over dense
   */
  private record Timed(Line line, String verdict, String place, boolean zerosOnly, Ratio ratio) {
    boolean isOdd() {
      return zerosOnly && !ratio.alone() && ratio.changed();
    }

    String finding() {
      return verdict + place + ratio.n();
    }
  }

  private Optional<Timed> timed(Line line, Quantity latency) {
    List<Spot> spots = measurements.iterations(line);
    Optional<Spot> dense = baselines.of(line);
    if (spots.isEmpty() || dense.isEmpty()) {
      return Optional.empty();
    }
    Spot last = spots.get(spots.size() - 1);
    boolean same = zerosOnly(last, dense.get()) && unpruned(last);
    if (same || last.equals(dense.get())) {
      return Optional.empty();
    }
    List<Spot> timed = new ArrayList<>(spots);
    if (!timed.contains(dense.get())) {
      timed.add(dense.get());
    }
    List<List<Double>> times = times(timed, latency);
    if (times.get(0).isEmpty()) {
      return Optional.empty();
    }
    int batch = latency.timing().orElseThrow().batch();
    Ratio ratio = Ratio.of(times, timed.indexOf(last), timed.indexOf(dense.get()));
    boolean zerosOnly = zerosOnly(last, dense.get());
    return Optional.of(
        new Timed(
            line,
            verdict(ratio, zerosOnly),
            "%s a batch of %d took".formatted(Findings.at(measurements, last).strip(), batch),
            zerosOnly,
            ratio));
  }

  /** A model that was trained on, or rounded, has nothing to be faster by in this engine. */
  private boolean unpruned(Spot spot) {
    return measurements.interval(spot, "pruned").filter(count -> count.mean() == 0).isPresent();
  }

  private static String sentence(List<Timed> same) {
    return same.size() == 1 ? own(same.get(0)) : shared(same);
  }

  private static String own(Timed timed) {
    Ratio ratio = timed.ratio();
    String line = timed.line().title();
    String start = ratio.alone() ? line : "%s (%s)".formatted(timed.verdict(), line);
    String interval =
        ratio.alone()
            ? "one seed, so no interval"
            : "95 %% interval %s, n = %d".formatted(ratio.range(), ratio.n());
    return "%s: %s %s the dense time (%s)."
        .formatted(start, timed.place(), ratio.factor(), interval);
  }

  private static String shared(List<Timed> same) {
    Timed first = same.get(0);
    boolean alone = first.ratio().alone();
    List<String> factors = new ArrayList<>();
    for (Timed timed : same) {
      String interval = alone ? "" : ", " + timed.ratio().range();
      String named =
          factors.isEmpty() && !alone ? ", 95 % interval" + interval.substring(1) : interval;
      factors.add("%s (%s%s)".formatted(timed.ratio().factor(), timed.line().title(), named));
    }
    return "%s %s the dense time%s."
        .formatted(
            alone ? capitalised(first.place()) : first.verdict() + ": " + first.place(),
            Words.list(factors),
            alone ? " (one seed, so no interval)" : ", n = " + first.ratio().n());
  }

  private static String capitalised(String words) {
    return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
  }

  /** A row of times per spot, of the seeds that were timed at all of them. */
  private List<List<Double>> times(List<Spot> spots, Quantity latency) {
    List<Map<Long, Double>> bySeed = new ArrayList<>();
    spots.forEach(spot -> bySeed.add(measurements.values(spot, latency.name())));
    List<Long> seeds =
        bySeed.get(0).keySet().stream()
            .filter(seed -> bySeed.stream().allMatch(times -> positive(times.get(seed))))
            .toList();
    return bySeed.stream().map(times -> seeds.stream().map(times::get).toList()).toList();
  }

  private static boolean positive(@Nullable Double time) {
    return time != null && time > 0 && Double.isFinite(time);
  }

  /** Matrices of unchanged shape: what was pruned is still there, as zeros. */
  private boolean zerosOnly(Spot last, Spot dense) {
    SortedMap<Long, Double> before = measurements.values(dense, Quantity.PARAMETERS);
    SortedMap<Long, Double> after = measurements.values(last, Quantity.PARAMETERS);
    return before.equals(after);
  }

  private static String verdict(Ratio ratio, boolean zerosOnly) {
    String what = zerosOnly ? "Unstructured zeros" : "Pruning";
    if (ratio.alone()) {
      return "";
    }
    if (!ratio.changed()) {
      return what + " brought no speed here";
    }
    return what
        + (ratio.mean() < 1 ? " made inference faster here" : " made inference slower here");
  }
}

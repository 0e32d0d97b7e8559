package io.secateur.report;

import io.secateur.report.Spot.Line;
import io.secateur.study.Declared;
import io.secateur.study.RunInfo;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** What the numbers say, in sentences: each line against the dense model and against the others. */
final class Findings {
  /** Sparsities this near, in points, are compared with each other. */
  private static final double SAME_SPARSITY = 0.5;

  /** Every line is compared with the dense model; further comparisons up to as many sentences. */
  private static final int MOST = 8;

  private final Measurements measurements;
  private final Optional<RunInfo.Quantity> primary;
  private final Baselines baselines;
  private final Numbers numbers;
  private final Left left;

  Findings(RunInfo info, Measurements measurements) {
    this(info, Declared.NOTHING, measurements);
  }

  /** Findings by the metric that a study declares. */
  Findings(RunInfo info, Declared declared, Measurements measurements) {
    this.measurements = measurements;
    this.baselines = new Baselines(measurements);
    this.left = new Left(measurements);
    this.primary = primary(info, declared, measurements);
    this.numbers =
        primary
            .map(
                quantity ->
                    Numbers.of(
                        quantity.unit(),
                        measurements.lines().stream()
                            .flatMap(line -> measurements.iterations(line).stream())
                            .flatMap(spot -> measurements.interval(spot, quantity.name()).stream())
                            .toList()))
            .orElse(new Numbers(2));
  }

  /**
   * Returns what arms are compared by: what the study declares; of runs that declare nothing
   * accuracy, else an error on the test examples, else what the study's own metrics give first.
   */
  static Optional<RunInfo.Quantity> primary(
      RunInfo info, Declared declared, Measurements measurements) {
    List<RunInfo.Quantity> measured =
        info.quantities().stream()
            .filter(quantity -> measurements.quantity(quantity.name()).isPresent())
            .toList();
    for (String name :
        List.of(declared.primary(), Quantity.ACCURACY, "perplexity", "loss", "mse", "mae")) {
      for (RunInfo.Quantity quantity : measured) {
        if (quantity.name().equals(name)) {
          return Optional.of(quantity);
        }
      }
    }
    return measured.stream()
        .filter(q -> q.reproducible() && Glossary.definition(q.name()).isEmpty())
        .findFirst();
  }

  /** Returns the sentences, the most telling first. */
  List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    primary.ifPresent(
        quantity -> {
          measurements
              .lines()
              .forEach(line -> againstDense(line, quantity).ifPresent(sentences::add));
          List<String> further = againstEachOther(quantity);
          int room = Math.max(0, MOST - sentences.size());
          sentences.addAll(further.subList(0, Math.min(room, further.size())));
        });
    return sentences;
  }

  private Optional<String> againstDense(Line line, RunInfo.Quantity quantity) {
    Optional<Spot> dense = baselines.of(line);
    Optional<Spot> last = last(line);
    if (dense.isEmpty() || last.isEmpty() || dense.equals(last)) {
      return Optional.empty();
    }
    SortedMap<Long, Double> before = measurements.values(dense.get(), quantity.name());
    SortedMap<Long, Double> after = measurements.values(last.get(), quantity.name());
    if (before.isEmpty() || after.isEmpty()) {
      return Optional.empty();
    }
    String numbersOf =
        "%s%s: %s %s, dense %s"
            .formatted(
                line.title(),
                at(last.get()),
                new Quantity(quantity.name(), "").inSentence(),
                value(Interval.of(after.values()), quantity.unit()),
                value(Interval.of(before.values()), quantity.unit()));
    return Optional.of(numbersOf + ". " + difference(after, before, quantity));
  }

  /** Compares every line with the first one of its model. */
  private List<String> againstEachOther(RunInfo.Quantity quantity) {
    List<String> sentences = new ArrayList<>();
    List<Line> lines = measurements.lines();
    Map<String, Line> firsts = new HashMap<>();
    for (Line line : lines) {
      Line first = firsts.computeIfAbsent(measurements.model(line), model -> line);
      Optional<Spot> one = last(first);
      Optional<Spot> other = last(line);
      if (first.equals(line)
          || one.isEmpty()
          || other.isEmpty()
          || !comparable(first, one.get(), other.get())) {
        continue;
      }
      boolean same = alike(one.get(), other.get());
      SortedMap<Long, Double> ours = measurements.values(other.get(), quantity.name());
      SortedMap<Long, Double> theirs = measurements.values(one.get(), quantity.name());
      if (!ours.isEmpty() && !theirs.isEmpty()) {
        sentences.add(
            "%s%s against %s%s: %s"
                .formatted(
                    line.title(),
                    same ? "" : at(other.get()),
                    first.title(),
                    same ? at(other.get()) : ", which was not pruned",
                    lower(difference(ours, theirs, quantity))));
      }
    }
    return sentences;
  }

  /** An arm that was trained on and not pruned shows what the training alone is worth. */
  private boolean comparable(Line first, Spot one, Spot other) {
    boolean control =
        whole(one)
            && (left.smaller(other) || !whole(other))
            && measurements.interval(other, Quantity.SPARSITY).isPresent()
            && baselines.of(first).filter(dense -> !dense.equals(one)).isPresent();
    return control || alike(one, other);
  }

  /** Returns whether a model has all it had, and no zeros. */
  private boolean whole(Spot spot) {
    return measurements
            .interval(spot, Quantity.SPARSITY)
            .filter(sparsity -> sparsity.mean() == 0)
            .isPresent()
        && !left.smaller(spot);
  }

  /** Where one was made smaller, what is left of the dense model counts; else sparsity. */
  private boolean alike(Spot one, Spot other) {
    if (!left.smaller(one) && !left.smaller(other)) {
      return sameSparsity(one, other);
    }
    SortedMap<Long, Double> a = left.parameters(one);
    SortedMap<Long, Double> b = left.parameters(other);
    return !a.isEmpty()
        && !b.isEmpty()
        && Math.abs(Interval.of(a.values()).mean() - Interval.of(b.values()).mean())
            <= SAME_SPARSITY;
  }

  private boolean sameSparsity(Spot one, Spot other) {
    Optional<Interval> a = measurements.interval(one, Quantity.SPARSITY);
    Optional<Interval> b = measurements.interval(other, Quantity.SPARSITY);
    return a.isPresent()
        && b.isPresent()
        && a.get().mean() > 0
        && Math.abs(a.get().mean() - b.get().mean()) <= SAME_SPARSITY;
  }

  /**
   * Says how far one is from the other over the seeds that have both, and whether that is shown.
   */
  private String difference(
      SortedMap<Long, Double> after, SortedMap<Long, Double> before, RunInfo.Quantity quantity) {
    List<Double> differences = new ArrayList<>();
    after.forEach(
        (seed, value) -> {
          Double other = before.get(seed);
          if (other != null) {
            differences.add(value - other);
          }
        });
    if (differences.isEmpty()) {
      return "No seed has both numbers.";
    }
    Interval interval = Interval.of(differences);
    String unit =
        quantity.unit().equals("%") ? " points" : new Quantity("", quantity.unit()).suffix();
    String size = numbers.signed(interval.mean()) + unit;
    if (Double.isNaN(interval.halfWidth())) {
      return interval.n() == 1
          ? "Difference %s (one seed, so no interval).".formatted(size)
          : "Difference %s (no interval: not every value is finite).".formatted(size);
    }
    String range =
        "%s (95 %% interval %s to %s, %d paired seeds)"
            .formatted(
                size,
                numbers.signed(interval.low()),
                numbers.signed(interval.high()),
                interval.n());
    if (!interval.excludes(0)) {
      return "No difference shown: " + range + ".";
    }
    boolean better = interval.mean() > 0 == quantity.higherIsBetter();
    return "Difference %s: %s.".formatted(range, better ? "better" : "worse");
  }

  private static String lower(String sentence) {
    return sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
  }

  private String value(Interval interval, String unit) {
    return numbers.text(interval) + new Quantity("", unit).suffix();
  }

  private String at(Spot spot) {
    return at(measurements, spot);
  }

  /**
   * Returns {@code " at 86.50 % sparsity"}, or the iteration where sparsity was not measured; of a
   * model that was made smaller the share of the dense model's parameters.
   */
  static String at(Measurements measurements, Spot spot) {
    Left left = new Left(measurements);
    if (left.smaller(spot)) {
      Numbers percent = new Numbers(2);
      String zeros =
          measurements
              .interval(spot, Quantity.SPARSITY)
              .map(Interval::mean)
              .filter(sparsity -> sparsity >= SAME_SPARSITY / 100)
              .map(sparsity -> " and %s %% sparsity".formatted(percent.text(sparsity)))
              .orElse("");
      return " with %s %% of the dense model's parameters%s"
          .formatted(percent.text(left.size(spot).orElseThrow()), zeros);
    }
    return measurements
        .interval(spot, Quantity.SPARSITY)
        .map(sparsity -> " at %s %% sparsity".formatted(new Numbers(2).text(sparsity.mean())))
        .orElse(" at iteration " + spot.round());
  }

  private Optional<Spot> last(Line line) {
    List<Spot> spots = measurements.iterations(line);
    return spots.isEmpty() ? Optional.empty() : Optional.of(spots.get(spots.size() - 1));
  }
}

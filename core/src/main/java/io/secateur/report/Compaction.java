package io.secateur.report;

import io.secateur.report.Spot.Line;
import io.secateur.report.Table.Column;
import io.secateur.report.Table.Group;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Models with their zeros beside the same models made smaller: what being smaller brings, which is
 * not seen beside the dense model alone.
 */
final class Compaction {
  private static final String MACS = "macs/dense";

  private final Measurements measurements;
  private final int threads;
  private final List<Pair> pairs = new ArrayList<>();

  Compaction(Measurements measurements, int threads) {
    this.measurements = measurements;
    this.threads = threads;
    for (Line line : measurements.lines()) {
      List<Spot> places =
          measurements.places(line).stream().sorted(Comparator.comparingInt(Spot::round)).toList();
      for (int i = 1; i < places.size(); i++) {
        if (places.get(i).round() == places.get(i - 1).round()
            && shrank(places.get(i - 1), places.get(i))) {
          pairs.add(new Pair(line, places, places.get(i - 1), places.get(i)));
        }
      }
    }
  }

  /**
   * A model before and after.
   *
   * @param places all of its line
   */
  private record Pair(Line line, List<Spot> places, Spot masked, Spot compacted) {}

  private boolean shrank(Spot before, Spot after) {
    Optional<Interval> more = measurements.interval(before, Quantity.PARAMETERS);
    Optional<Interval> less = measurements.interval(after, Quantity.PARAMETERS);
    return more.isPresent() && less.isPresent() && less.get().mean() < more.get().mean();
  }

  /** Returns what is compared: parameters, multiply-accumulates, and the time of each batch. */
  private List<Quantity> quantities() {
    return Stream.concat(
            Stream.of(Quantity.PARAMETERS, MACS, Quantity.ACCURACY)
                .flatMap(name -> measurements.quantity(name).stream()),
            latencies().stream())
        .toList();
  }

  private List<Quantity> latencies() {
    return measurements.quantities().stream()
        .filter(q -> q.timing().filter(t -> t.statistic().equals("median")).isPresent())
        .sorted(Comparator.comparingInt(q -> q.timing().orElseThrow().batch()))
        .toList();
  }

  /** Returns three rows a pair: with zeros, without, and the second over the first. */
  Table table() {
    List<Column> columns = new ArrayList<>(List.of(new Column("Model")));
    for (Quantity quantity : quantities()) {
      columns.add(
          quantity
              .timing()
              .map(
                  timing ->
                      new Column(
                          quantity.withUnit("Latency"),
                          timing.words() + ", " + Words.count(threads, "thread")))
              .orElseGet(() -> new Column(quantity.title())));
    }
    List<Group> groups = new ArrayList<>();
    for (Pair pair : pairs) {
      groups.add(
          new Group(
              heading(pair),
              List.of(
                  row("masked", quantity -> text(quantity, pair.masked())),
                  row("compacted", quantity -> text(quantity, pair.compacted())),
                  row("compacted / masked", quantity -> ratio(quantity, pair)))));
    }
    return new Table("Before and after compaction", columns, groups);
  }

  private interface Cell {
    String of(Quantity quantity);
  }

  private List<String> row(String name, Cell cell) {
    List<String> row = new ArrayList<>(List.of(name));
    quantities().forEach(quantity -> row.add(cell.of(quantity)));
    return row;
  }

  private String heading(Pair pair) {
    String where =
        measurements.hasRounds(pair.line()) ? ", iteration " + pair.compacted().round() : "";
    return pair.line().title() + where;
  }

  private String text(Quantity quantity, Spot spot) {
    List<Interval> column = new ArrayList<>();
    for (Pair pair : pairs) {
      measurements.interval(pair.masked(), quantity.name()).ifPresent(column::add);
      measurements.interval(pair.compacted(), quantity.name()).ifPresent(column::add);
    }
    Numbers numbers = Numbers.of(quantity.unit(), column);
    return measurements.interval(spot, quantity.name()).map(numbers::text).orElse("—");
  }

  /** A ratio for what is smaller, with its interval where seeds give one; else nothing. */
  private String ratio(Quantity quantity, Pair pair) {
    if (quantity.timing().isPresent()) {
      return ratio(pair, quantity)
          .map(
              ratio ->
                  ratio.alone()
                      ? ratio.factor()
                      : "%s (%s)".formatted(ratio.factor(), ratio.range()))
          .orElse("—");
    }
    Optional<Interval> before = measurements.interval(pair.masked(), quantity.name());
    Optional<Interval> after = measurements.interval(pair.compacted(), quantity.name());
    boolean size = !quantity.name().equals(Quantity.ACCURACY);
    return size && before.isPresent() && after.isPresent() && before.get().mean() > 0
        ? new Numbers(2).text(after.get().mean() / before.get().mean()) + " ×"
        : "—";
  }

  /** The spread of all times along the line is what the ratio is judged by. */
  private Optional<Ratio> ratio(Pair pair, Quantity latency) {
    List<Spot> timed =
        pair.places().stream()
            .filter(spot -> !measurements.values(spot, latency.name()).isEmpty())
            .toList();
    if (!timed.contains(pair.masked()) || !timed.contains(pair.compacted())) {
      return Optional.empty();
    }
    List<Map<Long, Double>> bySeed = new ArrayList<>();
    timed.forEach(spot -> bySeed.add(measurements.values(spot, latency.name())));
    List<Long> seeds =
        bySeed.get(0).keySet().stream()
            .filter(seed -> bySeed.stream().allMatch(times -> positive(times, seed)))
            .toList();
    if (seeds.isEmpty()) {
      return Optional.empty();
    }
    List<List<Double>> times =
        bySeed.stream().map(each -> seeds.stream().map(each::get).toList()).toList();
    return Optional.of(
        Ratio.of(times, timed.indexOf(pair.compacted()), timed.indexOf(pair.masked())));
  }

  private static boolean positive(Map<Long, Double> times, Long seed) {
    double time = times.getOrDefault(seed, Double.NaN);
    return time > 0 && Double.isFinite(time);
  }

  /** Returns a sentence for the last pair of every line whose times were measured. */
  List<String> sentences() {
    List<String> sentences = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i++) {
      boolean last = i == pairs.size() - 1 || !pairs.get(i + 1).line().equals(pairs.get(i).line());
      if (last) {
        sentence(pairs.get(i)).ifPresent(sentences::add);
      }
    }
    return sentences;
  }

  private Optional<String> sentence(Pair pair) {
    List<String> faster = new ArrayList<>();
    List<String> slower = new ArrayList<>();
    List<String> same = new ArrayList<>();
    List<String> alone = new ArrayList<>();
    for (Quantity latency : latencies()) {
      Optional<Ratio> found = ratio(pair, latency);
      if (found.isPresent()) {
        Ratio ratio = found.get();
        String batch = "a batch of %d".formatted(latency.timing().orElseThrow().batch());
        String text =
            ratio.alone()
                ? "%s took %s the time".formatted(batch, ratio.factor())
                : "%s took %s the time (95 %% interval %s, n = %d)"
                    .formatted(batch, ratio.factor(), ratio.range(), ratio.n());
        (ratio.alone() ? alone : !ratio.changed() ? same : ratio.mean() < 1 ? faster : slower)
            .add(text);
      }
    }
    List<String> parts = new ArrayList<>();
    if (!alone.isEmpty()) {
      parts.add(Words.list(alone) + " (one seed, so no interval)");
    }
    add(parts, "made inference faster here: ", faster);
    add(parts, "made inference slower here: ", slower);
    add(parts, "brought no speed here: ", same);
    return parts.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "%s, compacted against masked: %s.".formatted(heading(pair), String.join("; ", parts)));
  }

  private static void add(List<String> parts, String verdict, List<String> texts) {
    if (!texts.isEmpty()) {
      parts.add("it " + verdict + Words.list(texts));
    }
  }
}

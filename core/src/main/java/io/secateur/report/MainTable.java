package io.secateur.report;

import io.secateur.report.Spot.Line;
import io.secateur.report.Table.Column;
import io.secateur.report.Table.Group;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The numbers by arm and iteration: the lab's columns (sparsity, accuracy or error, latency, disk
 * size by encoding, parameters), and everything else that was measured.
 */
final class MainTable {
  private static final String NONE = "—";

  /** What stands in the place of accuracy where there are no classes. */
  private static final List<String> ERRORS =
      List.of("mse", "mae", "perplexity", "next-token-accuracy");

  private final Measurements measurements;
  private final int threads;
  private final Stops stops;
  private final Set<Quantity> lab = new LinkedHashSet<>();
  private final List<Quantity> further = new ArrayList<>();

  MainTable(Measurements measurements, int threads) {
    this(measurements, threads, new Stops(List.of()));
  }

  /**
   * Tables.
   *
   * @param stops where rounds did not hold, which have rows without numbers
   */
  MainTable(Measurements measurements, int threads, Stops stops) {
    this.measurements = measurements;
    this.threads = threads;
    this.stops = stops;
    measurements.quantity(Quantity.SPARSITY).ifPresent(lab::add);
    measurements.quantity(Quantity.ACCURACY).ifPresent(lab::add);
    if (measurements.quantity(Quantity.ACCURACY).isEmpty()) {
      ERRORS.forEach(error -> measurements.quantity(error).ifPresent(lab::add));
    }
    latency(measurements).ifPresent(lab::add);
    measurements.quantities().stream()
        .filter(q -> q.encoding().isPresent() && !q.deflated())
        .forEach(lab::add);
    measurements.quantity(Quantity.NON_ZERO_PARAMETERS).ifPresent(lab::add);
    measurements.quantity(Quantity.PARAMETERS).ifPresent(lab::add);
    measurements.quantities().stream().filter(q -> !lab.contains(q)).forEach(further::add);
  }

  /** Returns the latency that tables and figures show: the median of 64, else of the largest. */
  static Optional<Quantity> latency(Measurements measurements) {
    return measurements.quantities().stream()
        .filter(q -> q.timing().filter(t -> t.statistic().equals("median")).isPresent())
        .max(
            Comparator.comparingInt(
                q ->
                    q.timing()
                        .map(t -> t.batch() == 64 ? Integer.MAX_VALUE : t.batch())
                        .orElse(0)));
  }

  /** Returns the lab's columns, a group per arm. */
  Table lab() {
    Table table = table("By " + places().toLowerCase(Locale.ROOT), cells(lab), this::iterations);
    Map<String, Line> lines = new HashMap<>();
    measurements.lines().forEach(line -> lines.put(line.title(), line));
    List<Group> groups = new ArrayList<>();
    for (Group group : table.groups()) {
      List<List<String>> rows = new ArrayList<>(group.rows());
      Optional.ofNullable(lines.get(group.heading()))
          .filter(this::hasRounds)
          .ifPresent(
              line -> {
                stops.rows(line).forEach(name -> rows.add(blank(name, table)));
                rows.sort(
                    Comparator.comparingInt(row -> Integer.parseInt(row.get(0).split(",", 2)[0])));
              });
      groups.add(new Group(group.heading(), rows));
    }
    return new Table(table.title(), table.columns(), groups);
  }

  private static List<String> blank(String name, Table table) {
    List<String> row = new ArrayList<>(List.of(name));
    row.addAll(Collections.nCopies(table.columns().size() - 1, NONE));
    return row;
  }

  /** Returns the other quantities, a group per arm; empty when there are none. */
  Table further() {
    List<Quantity> shown =
        further.stream().filter(q -> !Runtimes.shows(q) && !q.deflated()).toList();
    return of("Further quantities", cells(shown));
  }

  /** Returns the sizes of compressed files, a group per arm; empty when there are none. */
  Table deflated() {
    return of(
        "Files compressed after writing",
        cells(further.stream().filter(Quantity::deflated).toList()));
  }

  /** Returns a table of these columns with the main one's rows; empty without columns. */
  Table of(String title, List<Cell> cells) {
    return table(title, cells, this::iterations);
  }

  /** Returns every quantity at the ends of rounds, a group per arm. */
  Table all(String title) {
    List<Quantity> all = new ArrayList<>(lab);
    all.addAll(further);
    return table(title, cells(all), this::iterations);
  }

  /** Returns what was measured elsewhere than at the ends of rounds; empty when nothing was. */
  Table labelled() {
    List<Quantity> all = new ArrayList<>(lab);
    all.addAll(further);
    return table(
        "At labels",
        cells(all),
        line ->
            hasRounds(line)
                ? measurements.labelled().stream().filter(spot -> spot.line().equals(line)).toList()
                : List.of());
  }

  /** Returns how many seeds rows have; they have a column for it where these differ. */
  Set<Integer> seeds() {
    return Stream.concat(
            measurements.lines().stream().flatMap(line -> iterations(line).stream()),
            measurements.labelled().stream())
        .map(measurements::seeds)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Without rounds, a table has all places of a pipeline in their stead. */
  private boolean hasRounds(Line line) {
    return measurements.hasRounds(line) || !stops.rows(line).isEmpty();
  }

  private List<Spot> iterations(Line line) {
    return hasRounds(line) ? measurements.iterations(line) : measurements.places(line);
  }

  private Table table(String title, List<Cell> cells, Function<Line, List<Spot>> spots) {
    List<Column> columns = new ArrayList<>(List.of(new Column(places())));
    cells.forEach(cell -> columns.add(cell.column()));
    boolean counted = seeds().size() > 1;
    if (counted) {
      columns.add(new Column("Seeds"));
    }
    List<Group> groups = new ArrayList<>();
    for (Line line : measurements.lines()) {
      List<List<String>> rows = new ArrayList<>();
      for (Spot spot : cells.isEmpty() ? List.<Spot>of() : spots.apply(line)) {
        List<String> row = new ArrayList<>(List.of(name(spot)));
        cells.forEach(cell -> row.add(cell.text().apply(spot)));
        if (counted) {
          row.add(Integer.toString(measurements.seeds(spot)));
        }
        rows.add(row);
      }
      if (!rows.isEmpty()) {
        groups.add(new Group(line.title(), rows));
      }
    }
    return new Table(title, columns, groups);
  }

  /** Returns the header over the names of rows. */
  private String places() {
    List<Line> lines = measurements.lines();
    boolean rounds = lines.isEmpty() || lines.stream().anyMatch(this::hasRounds);
    return rounds ? "Iteration" : "Place";
  }

  private String name(Spot spot) {
    if (!hasRounds(spot.line())) {
      return measurements.mark(spot);
    }
    String label = spot.label().isEmpty() ? measurements.endLabel(spot) : spot.label();
    return spot.round() + (label.isEmpty() ? "" : ", " + label);
  }

  /** A column, and what stands in it. */
  record Cell(Column column, Function<Spot, String> text) {}

  private List<Cell> cells(Iterable<Quantity> quantities) {
    List<Cell> cells = new ArrayList<>();
    boolean both =
        lab.stream().anyMatch(MainTable::total) && lab.stream().anyMatch(MainTable::kept);
    for (Quantity quantity : quantities) {
      if (both && total(quantity)) {
        continue;
      }
      Function<Spot, String> text = text(quantity);
      if (both && kept(quantity)) {
        Function<Spot, String> total = text(new Quantity(Quantity.PARAMETERS, ""));
        cells.add(
            new Cell(
                new Column("Parameters", "non-zero / total"),
                spot -> text.apply(spot) + " / " + total.apply(spot)));
      } else {
        cells.add(new Cell(column(quantity), text));
      }
    }
    return cells;
  }

  private static boolean total(Quantity quantity) {
    return quantity.name().equals(Quantity.PARAMETERS);
  }

  private static boolean kept(Quantity quantity) {
    return quantity.name().equals(Quantity.NON_ZERO_PARAMETERS);
  }

  private Column column(Quantity quantity) {
    Optional<Column> timed =
        quantity
            .timing()
            .map(
                timing ->
                    new Column(
                        quantity.withUnit("Latency"),
                        timing.words() + ", " + Words.count(threads, "thread")));
    Optional<Column> sized =
        quantity.encoding().map(name -> new Column(quantity.withUnit("Disk size"), name));
    return timed.or(() -> sized).orElseGet(() -> new Column(quantity.title()));
  }

  /** Returns what stands in a quantity's column, for all of its rows in one way. */
  Function<Spot, String> text(Quantity quantity) {
    List<Interval> column = new ArrayList<>();
    for (Line line : measurements.lines()) {
      iterations(line)
          .forEach(spot -> measurements.interval(spot, quantity.name()).ifPresent(column::add));
    }
    Numbers numbers = Numbers.of(quantity.unit(), column);
    return spot -> measurements.interval(spot, quantity.name()).map(numbers::text).orElse(NONE);
  }

  /** Returns both tables with full precision: per quantity its mean, half-width and seeds. */
  String csv() {
    List<Quantity> all = new ArrayList<>(lab);
    all.addAll(further);
    List<String> header = new ArrayList<>(List.of("Arm", places()));
    all.forEach(q -> header.addAll(List.of(q.title(), "± " + q.title(), "n " + q.title())));
    Csv csv = new Csv().line(header);
    for (Line line : measurements.lines()) {
      for (Spot spot : iterations(line)) {
        List<String> row = new ArrayList<>(List.of(line.title(), name(spot)));
        all.forEach(quantity -> row.addAll(exact(measurements.interval(spot, quantity.name()))));
        csv.line(row);
      }
    }
    return csv.toString();
  }

  private static List<String> exact(Optional<Interval> interval) {
    return interval
        .map(
            i ->
                List.of(
                    Csv.number(i.mean()),
                    Double.isNaN(i.halfWidth()) ? "" : Csv.number(i.halfWidth()),
                    Integer.toString(i.n())))
        .orElse(List.of("", "", "0"));
  }
}

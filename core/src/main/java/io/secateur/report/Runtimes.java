package io.secateur.report;

import io.secateur.report.MainTable.Cell;
import io.secateur.report.Table.Column;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The same models in the engines that they were measured in: DJL's PyTorch and ONNX Runtime, with
 * accuracy and time of a batch in each. What was not measured there is said.
 */
final class Runtimes {
  private static final String ACCURACY = "onnx-accuracy";

  private final Measurements measurements;
  private final int threads;

  Runtimes(Measurements measurements, int threads) {
    this.measurements = measurements;
    this.threads = threads;
  }

  /** Returns a row for every place where models were measured; empty without ONNX Runtime. */
  Table table() {
    boolean runtime =
        measurements.quantities().stream()
            .anyMatch(q -> q.name().equals(ACCURACY) || q.runtimeTiming().isPresent());
    MainTable tables = new MainTable(measurements, threads);
    return tables.of("Inference runtimes", runtime ? cells(tables) : List.of());
  }

  private List<Cell> cells(MainTable tables) {
    List<Cell> cells = new ArrayList<>();
    List<Quantity> engine = new ArrayList<>();
    measurements.quantity(Quantity.ACCURACY).ifPresent(engine::add);
    measurements.quantities().stream()
        .filter(q -> q.timing().filter(t -> t.statistic().equals("median")).isPresent())
        .sorted(Comparator.comparingInt(q -> q.timing().orElseThrow().batch()))
        .forEach(engine::add);
    add(cells, tables, "DJL, PyTorch", engine);
    List<Quantity> runtime = new ArrayList<>();
    measurements.quantity(ACCURACY).ifPresent(runtime::add);
    measurements.quantities().stream()
        .filter(q -> q.runtimeTiming().filter(RuntimeTiming::median).isPresent())
        .forEach(runtime::add);
    add(cells, tables, "ONNX Runtime", runtime);
    cells.add(new Cell(new Column("TensorRT"), spot -> "not tested"));
    return cells;
  }

  private void add(List<Cell> cells, MainTable tables, String engine, List<Quantity> quantities) {
    if (quantities.isEmpty()) {
      cells.add(new Cell(new Column(engine), spot -> "not measured"));
    }
    for (Quantity quantity : quantities) {
      cells.add(new Cell(new Column(engine, header(quantity)), tables.text(quantity)));
    }
  }

  private String header(Quantity quantity) {
    return quantity
        .timing()
        .map(
            timing ->
                "latency (s), batch %d, %s"
                    .formatted(timing.batch(), Words.count(threads, "thread")))
        .or(() -> quantity.runtimeTiming().map(timing -> "latency (s), " + timing.words(threads)))
        .orElseGet(() -> quantity.withUnit("accuracy"));
  }

  /** Returns whether a quantity has its place in the table, and so none among all others. */
  static boolean shows(Quantity quantity) {
    return quantity.name().equals(ACCURACY)
        || quantity.runtimeTiming().filter(RuntimeTiming::median).isPresent();
  }

  /**
   * Returns the latency in ONNX Runtime that a figure shows: the median of 64, else of the largest
   * batch, with as many threads as the engine has, else with the most.
   */
  static Optional<Quantity> latency(Measurements measurements) {
    return measurements.quantities().stream()
        .filter(q -> q.runtimeTiming().filter(RuntimeTiming::median).isPresent())
        .max(
            Comparator.comparingInt(
                    (Quantity q) -> largest(q.runtimeTiming().orElseThrow().batch(), 64))
                .thenComparingInt(q -> largest(q.runtimeTiming().orElseThrow().threads(), 0)));
  }

  private static int largest(int number, int preferred) {
    return number == preferred ? Integer.MAX_VALUE : number;
  }
}

package io.secateur.benchmarks;

import io.secateur.benchmarks.Cost.Limit;
import io.secateur.calibrate.StatisticBenchmark;
import io.secateur.model.FileBenchmark;
import io.secateur.prune.MaskBenchmark;
import io.secateur.prune.PruneBenchmark;
import io.secateur.prune.SparseGptBenchmark;
import io.secateur.prune.WandaBenchmark;
import io.secateur.sparsity.SelectionBenchmark;
import io.secateur.study.StoreBenchmark;
import io.secateur.train.StepBenchmark;
import java.util.ArrayList;
import java.util.List;

/** All that is timed by JMH, in the order of the table. */
final class Rows {
  private static final long M = 1_000_000;

  /** A mask's bit of one weight, in bytes. */
  private static final double BIT = 1.0 / 8;

  private final boolean quick;
  private final List<Row> rows = new ArrayList<>();

  private Rows(boolean quick) {
    this.quick = quick;
  }

  /** Returns the rows of the machine's limits, by {@link Limit} and one core's reading. */
  static List<Row> limits() {
    double bytes = (double) LimitBenchmark.NUMBERS * Float.BYTES;
    double operations = 2.0 * LimitBenchmark.SIDE * LimitBenchmark.SIDE * LimitBenchmark.SIDE;
    String what = "read 100 M floats, ";
    String product = "engine's product of 2048 × 2048, ";
    return List.of(
        limit(what + "all cores", "readWithAllCores", "", new Cost(bytes, Limit.MEMORY)),
        limit(what + "one core", "readWithOneCore", "", new Cost(bytes, Limit.MEMORY)),
        limit(product + "float32", "product", "FLOAT32", new Cost(operations, Limit.FLOAT32)),
        limit(product + "float64", "product", "FLOAT64", new Cost(operations, Limit.FLOAT64)));
  }

  private static Row limit(String what, String method, String work, Cost cost) {
    return new Row("limits", what, name(LimitBenchmark.class, method), work, 0, cost, "");
  }

  /**
   * Returns all other rows.
   *
   * @param quick leaves out what takes long and says little more
   */
  static List<Row> all(boolean quick) {
    Rows all = new Rows(quick);
    all.selection();
    all.pruning();
    all.wanda();
    all.masks();
    all.optimizers();
    all.calibration();
    all.sparseGpt();
    all.files();
    all.store();
    return List.copyOf(all.rows);
  }

  private void selection() {
    for (String scope : List.of("global", "layer", "row", "tile")) {
      for (long cells : List.of(M, 10 * M, 100 * M)) {
        if (cells < 100 * M || !quick || scope.equals("global")) {
          Row row = select(new Task(scope, cells, 50, false, false));
          rows.add(scope.equals("global") ? row.beside("kthvalue " + cells) : row);
        }
      }
      int step = scope.equals("tile") ? 25 : 40;
      for (int percent : quick ? new int[0] : new int[] {50 - step, 50 + step}) {
        rows.add(select(new Task(scope, 10 * M, percent, false, false)));
      }
      rows.add(select(new Task(scope, 10 * M, 50, true, false)));
      rows.add(select(new Task(scope, 10 * M, 50, false, true)));
    }
    if (!quick) {
      rows.add(select(new Task("global", 100 * M, 50, true, false)));
      rows.add(select(new Task("global", 100 * M, 50, false, true)));
    }
  }

  private static Row select(Task task) {
    long weights = task.weights();
    return new Row(
        "selection",
        "masks from scores: " + task.what(),
        name(SelectionBenchmark.class, "select"),
        task.text(),
        weights,
        Cost.bytes(weights * (Float.BYTES + BIT)),
        "");
  }

  private void pruning() {
    for (long cells : List.of(M, 10 * M, 100 * M)) {
      Row row = prune(new Task("global", cells, 50, false, false));
      rows.add(row.beside("global_unstructured " + cells));
    }
    for (String scope : List.of("layer", "row", "tile")) {
      rows.add(prune(new Task(scope, 10 * M, 50, false, false)));
    }
    for (long cells : List.of(M, 10 * M, 100 * M)) {
      if (cells < 100 * M || !quick) {
        rows.add(prune(new Task("filter", cells, 50, false, false)));
      }
    }
    rows.add(prune(new Task("global", 10 * M, 50, true, false)));
    rows.add(prune(new Task("global", 10 * M, 50, false, true)));
    rows.add(prune(new Task("filter", 10 * M, 50, false, true)));
  }

  private static Row prune(Task task) {
    long weights = task.weights();
    return new Row(
        "prune",
        "L1 from weights to zeros: " + task.what(),
        name(PruneBenchmark.class, "prune"),
        task.text(),
        weights,
        Cost.bytes(weights * (2 * Float.BYTES + BIT)),
        "");
  }

  private void wanda() {
    long weights = (long) WandaBenchmark.ROWS * WandaBenchmark.COLUMNS;
    for (String scope : List.of("row", "tile")) {
      rows.add(
          new Row(
              "wanda",
              "Wanda from weights to masks, 4096 × 11008: " + (scope.equals("row") ? scope : "2:4"),
              name(WandaBenchmark.class, "masks"),
              scope,
              weights,
              Cost.bytes(weights * (Float.BYTES + BIT)),
              "wanda_" + scope));
    }
  }

  private void masks() {
    long weights = 10 * M;
    mask("write zeros where pruned", "zero", 2 * Float.BYTES + BIT, "mask " + weights);
    mask("copy a tensor with zeros", "masked", 2 * Float.BYTES + BIT, "mask_copy " + weights);
    mask("mask of what is not 0", "ofNonZero", Float.BYTES + BIT, "non_zero " + weights);
    mask("count pruned cells not 0", "revived", Float.BYTES + BIT, "");
  }

  private void mask(String what, String method, double bytes, String peer) {
    rows.add(
        new Row(
            "masks",
            what + ", 10 M",
            name(MaskBenchmark.class, method),
            Long.toString(10 * M),
            10 * M,
            Cost.bytes(10 * M * bytes),
            peer));
  }

  private void optimizers() {
    // Weights, gradients and slots are read; weights and slots are written.
    optimizer("memory", "sgd", 10 * M, 3, "sgd");
    for (String rule : List.of("adam", "adamw", "adadelta")) {
      optimizer("memory", rule, 10 * M, 7, rule);
    }
    optimizer("memory", "adam", 10 * M, 7, "adam_fused");
    optimizer("memory", "adam", M, 7, "adam_fused");
    optimizer("engine", "adam", 10 * M, 7, "adam");
    optimizer("djl", "adam", 10 * M, 7, "adam");
  }

  private void optimizer(String stepper, String rule, long weights, int passes, String peer) {
    for (String mask : List.of("dense", "masked")) {
      boolean masked = mask.equals("masked");
      if (masked && (!stepper.equals("memory") || peer.equals("adam_fused"))) {
        continue;
      }
      Row row =
          new Row(
              "optimizers",
              "step of %s, %s, %d M%s%s"
                  .formatted(
                      rule,
                      stepper,
                      weights / M,
                      masked ? ", masked" : "",
                      peer.endsWith("_fused") ? " (peer: fused)" : ""),
              name(StepBenchmark.class, "step"),
              String.join("/", stepper, rule, Long.toString(weights), mask),
              weights,
              Cost.bytes(weights * (passes * (double) Float.BYTES + (masked ? BIT : 0))),
              "");
      rows.add(masked ? row : row.beside(peer + " " + weights));
    }
  }

  private void calibration() {
    double cells = (double) StatisticBenchmark.ROWS * StatisticBenchmark.COLUMNS;
    String of = " of 2048 × 2048 activations";
    rows.add(
        statistic("squared norms" + of, "SQUARED_NORM", Cost.bytes(cells * Float.BYTES), "norms"));
    Cost products = new Cost(2 * cells * StatisticBenchmark.COLUMNS, Limit.FLOAT32);
    rows.add(statistic("Gram matrix" + of, "GRAM", products, "gram"));
  }

  private static Row statistic(String what, String work, Cost cost, String peer) {
    String method = name(StatisticBenchmark.class, "add");
    return new Row("calibration", what, method, work, 0, cost, peer);
  }

  private void sparseGpt() {
    for (int side : quick ? new int[] {512, 1024} : new int[] {512, 1024, 2048}) {
      // A Cholesky factor and its inverse, n³/3 each; half of n² cells move n/2 behind them.
      double operations = 7.0 / 6 * side * side * side;
      rows.add(
          new Row(
              "sparsegpt",
              "SparseGPT, %d × %d".formatted(side, side),
              name(SparseGptBenchmark.class, "repair"),
              Integer.toString(side),
              (long) side * side,
              new Cost(operations, Limit.FLOAT64),
              ""));
    }
  }

  private void files() {
    file("read safetensors", "read", 25 * M, 4, Limit.MEMORY, "read_file ");
    file("write safetensors, to the disk", "write", 25 * M, 4, Limit.NONE, "write_file ");
    // Half the weights are 0: read 4 bytes each, write half of these and a bit; or the reverse.
    file("pack by bitmask", "pack", 10 * M, 6 + BIT, Limit.MEMORY, "");
    file("unpack", "unpack", 10 * M, 6 + BIT, Limit.MEMORY, "");
  }

  private void file(
      String what, String method, long cells, double bytes, Limit limit, String peer) {
    long weights = new Task("global", cells, 0, false, false).weights();
    rows.add(
        new Row(
            "files",
            "%s, %d M".formatted(what, cells / M),
            name(FileBenchmark.class, method),
            Long.toString(cells),
            weights,
            new Cost(weights * bytes, limit),
            peer.isEmpty() ? "" : peer + weights));
  }

  private void store() {
    store("publish a step", "publish");
    store("read a step back", "readBack");
    store("find that a step is done and intact", "findDone");
  }

  private void store(String what, String method) {
    Cost cost = new Cost(266_610.0 * Float.BYTES, Limit.NONE);
    String of = name(StoreBenchmark.class, method);
    rows.add(new Row("store", what + ", 1.07 MB", of, "", 0, cost, ""));
  }

  private static String name(Class<?> benchmark, String method) {
    return benchmark.getName() + "." + method;
  }
}

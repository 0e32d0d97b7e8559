package io.secateur.report;

import io.secateur.study.ResultRow;
import io.secateur.study.RunInfo;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import tools.jackson.databind.json.JsonMapper;

/**
 * A made-up run: a feed-forward net 400-1024-1024-10, arms one-shot and imp, five rounds. Its
 * numbers come from formulas and a seeded generator; nothing was trained.
 */
final class RunFixture {
  static final int ROUNDS = 5;

  private static final JsonMapper JSON = new JsonMapper();
  private static final String[] LAYERS = {"layers.0.weight", "layers.1.weight", "layers.2.weight"};
  private static final long[] SIZES = {409_600, 1_048_576, 10_240};
  private static final long WEIGHTS = 1_468_416;
  private static final long BIASES = 2_058;

  private final List<ResultRow> results = new ArrayList<>();
  private final List<ResultRow> timings = new ArrayList<>();
  private final List<RunInfo.Failure> failures = new ArrayList<>();
  private List<Long> seeds = List.of(1L, 2L, 3L);
  private List<String> arms = List.of("one-shot", "imp");
  private final Map<String, String> models = new HashMap<>();
  private List<String> figures =
      List.of("sparsity-accuracy", "disk-size-accuracy", "latency-accuracy");
  private String study = "lab4-made-up";
  private String data = "mnist {crop: 20}";
  private boolean timed = true;
  private double collapse;
  private double speed = 1;

  RunFixture seeds(Long... chosen) {
    seeds = List.of(chosen);
    return this;
  }

  RunFixture arms(String... chosen) {
    arms = List.of(chosen);
    return this;
  }

  RunFixture study(String name) {
    study = name;
    return this;
  }

  RunFixture data(String provenance) {
    data = provenance;
    return this;
  }

  RunFixture figures(String... names) {
    figures = List.of(names);
    return this;
  }

  RunFixture untimed() {
    timed = false;
    return this;
  }

  /** Takes this many points of accuracy from the first arm's last round. */
  RunFixture collapsing(double points) {
    collapse = points;
    return this;
  }

  /** Makes the last round take this share of the dense time. */
  RunFixture lastRoundTakes(double ratio) {
    speed = ratio;
    return this;
  }

  RunFixture failing(String arm, long seed, int round, String message) {
    failures.add(new RunInfo.Failure(arm, seed, round, "train", message));
    return this;
  }

  /** Adds a row as a study would have it. */
  RunFixture with(ResultRow row) {
    results.add(row);
    return this;
  }

  /** Returns a measured row at the end of a round. */
  static ResultRow measured(
      String arm, long seed, int round, String metric, double value, String unit) {
    return row(arm, seed, round, "prune", "measure", metric, value, unit, "test", 0, "");
  }

  static ResultRow row(
      String arm,
      long seed,
      int round,
      String stage,
      String source,
      String metric,
      double value,
      String unit,
      String split,
      int epoch,
      String layer) {
    String key = Integer.toHexString((arm + seed + round + stage + source).hashCode());
    Map<String, String> axes = Map.of("arm", arm);
    return new ResultRow(
        key, arm, axes, seed, round, stage, "", "", source, metric, value, unit, split, epoch,
        layer);
  }

  /** Fills in the arms' numbers. */
  RunFixture filled() {
    for (String arm : arms) {
      for (long seed : seeds) {
        for (int round = 0; round <= ROUNDS && !failed(arm, seed, round); round++) {
          round(arm, seed, round);
        }
      }
    }
    return this;
  }

  private boolean failed(String arm, long seed, int round) {
    return failures.stream()
        .anyMatch(f -> f.arm().equals(arm) && f.seed() == seed && round >= f.round());
  }

  private void round(String arm, long seed, int round) {
    Random noise =
        new Random(31 * seed + 7L * round + arms.indexOf(arm) * (round == 0 ? 0L : 1000L));
    long pruned = Math.round(WEIGHTS * (1 - Math.pow(0.67, round)));
    if (round > 0) {
      prune(arm, seed, round, pruned);
    }
    boolean first = arm.equals(arms.get(0));
    if (round == 0 || !first) {
      train(arm, seed, round, noise);
    }
    double loss = first && round == ROUNDS ? collapse : 0;
    double drift = first ? -0.055 * round * round : 0.14 * round;
    double accuracy = 97.45 + drift - loss + 0.12 * noise.nextGaussian();
    long nonZero = WEIGHTS + BIASES - pruned;
    measure(arm, seed, round, "accuracy", Math.rint(100 * accuracy) / 100, "%");
    measure(arm, seed, round, "loss", 0.085 - drift / 60, "");
    measure(arm, seed, round, "sparsity", 100.0 * pruned / WEIGHTS, "%");
    measure(arm, seed, round, "sparsity/model", 100.0 * pruned / (WEIGHTS + BIASES), "%");
    measure(arm, seed, round, "parameters", (double) (WEIGHTS + BIASES), "");
    measure(arm, seed, round, "non-zero-parameters", (double) nonZero, "");
    measure(arm, seed, round, "compression", (double) (WEIGHTS + BIASES) / nonZero, "x");
    measure(arm, seed, round, "disk-size/dense", 5.884, "MB");
    measure(arm, seed, round, "disk-size/coo", 20e-6 * nonZero + 0.002, "MB");
    measure(arm, seed, round, "disk-size/weights-and-masks", 11.76, "MB");
    measure(arm, seed, round, "disk-size/bitmask", 4e-6 * nonZero + 0.185, "MB");
    if (timed) {
      double dense = 0.00153 * (1 + 0.01 * new Random(seed).nextGaussian());
      double factor = round == ROUNDS ? speed : 1;
      double median = dense * factor * (1 + (round == 0 ? 0 : 0.012 * noise.nextGaussian()));
      time(arm, seed, round, "latency/batch-1/median", median / 14);
      time(arm, seed, round, "latency/batch-64/median", median);
      time(arm, seed, round, "latency/batch-64/p90", 1.1 * median);
    }
  }

  private void prune(String arm, long seed, int round, long pruned) {
    long left = pruned;
    for (int i = 0; i < LAYERS.length; i++) {
      double share = (double) pruned / WEIGHTS * (i == 2 ? 0.4 : 1);
      long here = i == 1 ? 0 : Math.round(SIZES[i] * share) + (i == 0 ? seed : 0);
      left -= here;
      stage(arm, seed, round, "prune", "pruned", (double) here, "", "", 0, LAYERS[i]);
      stage(arm, seed, round, "prune", "weights", (double) SIZES[i], "", "", 0, LAYERS[i]);
    }
    int middle = results.size() - 4;
    ResultRow row = results.get(middle);
    results.set(
        middle,
        row(arm, seed, round, "prune", "stage", "pruned", (double) left, "", "", 0, row.layer()));
    double requested = 100 * (1 - Math.pow(0.67, round));
    stage(arm, seed, round, "prune", "requested", requested, "%", "", 0, "");
    stage(arm, seed, round, "prune", "pruned", (double) pruned, "", "", 0, "");
    stage(arm, seed, round, "prune", "weights", (double) WEIGHTS, "", "", 0, "");
  }

  private void train(String arm, long seed, int round, Random noise) {
    for (int epoch = 1; epoch <= 2; epoch++) {
      double loss = 0.22 / epoch + 0.002 * noise.nextDouble();
      stage(arm, seed, round, "train", "loss", loss, "", "train", epoch, "");
      double accuracy = 96 + 0.7 * epoch + 0.1 * noise.nextDouble();
      stage(arm, seed, round, "train", "accuracy", accuracy, "%", "test", epoch, "");
      stage(arm, seed, round, "train", "revived", 0, "", "", epoch, "");
    }
  }

  private void stage(
      String arm,
      long seed,
      int round,
      String stage,
      String metric,
      double value,
      String unit,
      String split,
      int epoch,
      String layer) {
    results.add(row(arm, seed, round, stage, "stage", metric, value, unit, split, epoch, layer));
  }

  private void measure(String arm, long seed, int round, String metric, double value, String unit) {
    results.add(measured(arm, seed, round, metric, value, unit));
  }

  private void time(String arm, long seed, int round, String metric, double value) {
    timings.add(measured(arm, seed, round, metric, value, "s"));
  }

  /** Gives an arm a model of its own. */
  RunFixture model(String arm, String model) {
    models.put(arm, model);
    return this;
  }

  RunInfo info() {
    List<RunInfo.Quantity> quantities = new ArrayList<>();
    quantities.add(new RunInfo.Quantity("accuracy", "accuracy", "%", true, true));
    quantities.add(new RunInfo.Quantity("sparsity", "sparsity", "%", true, true));
    quantities.add(new RunInfo.Quantity("mse", "mse", "", false, true));
    for (String name :
        List.of("latency/batch-1/median", "latency/batch-64/median", "latency/batch-64/p90")) {
      quantities.add(new RunInfo.Quantity(name, "latency", "s", false, false));
    }
    return new RunInfo(
        study,
        "0.1.0",
        seeds,
        2,
        arms.stream()
            .map(arm -> new RunInfo.Arm(arm, Map.of("arm", arm), models.getOrDefault(arm, "")))
            .toList(),
        quantities,
        figures,
        "arm",
        new RunInfo.Machine(
            "Example processor 3000",
            2,
            24L << 30,
            "Linux 6.1 amd64",
            "17.0.15 (Debian)",
            "0.35.1",
            "2.7.1",
            "cpu"),
        List.of("pipeline.0.train.epochs=2"),
        List.of("-seeds: [1, 2, 3, 4, 5]", "+seeds: [1, 2, 3]"),
        "study: lab4-made-up\nseeds: [1, 2, 3]\ngrid:\n  arm: {one-shot: …, imp: …}\n",
        96,
        12,
        412.3,
        failures,
        data,
        "ffn {hidden: [1024, 1024]}");
  }

  /** Writes the run's files. */
  RunFixture writeTo(Path folder) {
    try {
      Files.createDirectories(folder);
      Files.writeString(folder.resolve("run.json"), JSON.writeValueAsString(info()));
      StringBuilder lines = new StringBuilder();
      results.forEach(row -> lines.append(JSON.writeValueAsString(row)).append('\n'));
      Files.writeString(folder.resolve("results.jsonl"), lines);
      StringBuilder times = new StringBuilder();
      timings.forEach(row -> times.append(timing(row)).append('\n'));
      Files.writeString(folder.resolve("timings.jsonl"), times);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  private static String timing(ResultRow row) {
    Map<String, Object> fields = new LinkedHashMap<>();
    JSON.readTree(JSON.writeValueAsString(row))
        .properties()
        .forEach(field -> fields.put(field.getKey(), field.getValue()));
    fields.put("machine", "m1");
    fields.put("threads", 2);
    fields.put("at", "2026-01-01T00:00:00Z");
    return JSON.writeValueAsString(fields);
  }

  List<ResultRow> rows() {
    List<ResultRow> all = new ArrayList<>(results);
    all.addAll(timings);
    return all;
  }
}

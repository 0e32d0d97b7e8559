package io.secateur.report;

import io.secateur.study.Declared;
import io.secateur.study.Manuscript;
import io.secateur.study.ResultRow;
import io.secateur.study.RunInfo;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A report on a made-up run, of which nothing is kept. Most of a first report's time goes into
 * loading what it is made with: a program that waits for a study can have done this meanwhile. The
 * run is small and like most that people make: two arms that are pruned in rounds.
 */
public final class Rehearsal {
  private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);

  private static final Semaphore FREE = new Semaphore(1);

  /** Where it would lie: in a place that is not there. */
  static final Path FOLDER = Path.of("rehearsal", "that", "nobody", "keeps");

  private static final List<String> ARMS = List.of("one-shot", "imp");

  /** As many as it takes for intervals to be drawn. */
  private static final List<Long> SEEDS = List.of(1L, 2L, 3L);

  private static final int ROUNDS = 2;
  private static final double WEIGHTS = 1000;

  private Rehearsal() {}

  /** Holds it; a report that is asked for before it is over waits for it. */
  public static void hold() {
    FREE.acquireUninterruptibly();
    try {
      report();
    } catch (RuntimeException | LinkageError e) {
      // What keeps a report from being written, the report itself says.
      LOG.debug("a report cannot be rehearsed", e);
    } finally {
      FREE.release();
    }
  }

  /** Waits for the end of one that is under way: two that load the same only hinder each other. */
  static void awaitEnd() {
    FREE.acquireUninterruptibly();
    FREE.release();
  }

  /** Returns the summary of the made-up run. */
  static Summary report() {
    return new Report(FOLDER, run(), Manuscript.NONE, Optional.empty(), true).write(false);
  }

  /** Returns the run, its rows read from their text as those of a real one are. */
  private static RunFolder run() {
    List<ResultRow> rows = new ArrayList<>();
    for (String arm : ARMS) {
      for (long seed : SEEDS) {
        for (int round = 0; round <= ROUNDS; round++) {
          round(rows, arm, seed, round);
        }
      }
    }
    return RunFolder.reread(
        new RunFolder(info(), declared(), rows, List.of(), List.of()), FOLDER.toString());
  }

  private static void round(List<ResultRow> rows, String arm, long seed, int round) {
    double pruned = WEIGHTS * round / (ROUNDS + 1);
    double sparsity = 100 * pruned / WEIGHTS;
    String stage = round == 0 ? "train" : "prune";
    if (round == 0) {
      rows.add(row(arm, seed, round, stage, "stage", "loss", 0.5, "", "train", 1, ""));
      rows.add(row(arm, seed, round, stage, "stage", "accuracy", 90, "%", "test", 1, ""));
    } else {
      for (String layer : List.of("layers.0.weight", "")) {
        rows.add(row(arm, seed, round, stage, "stage", "pruned", pruned, "", "", 0, layer));
        rows.add(row(arm, seed, round, stage, "stage", "weights", WEIGHTS, "", "", 0, layer));
      }
      rows.add(row(arm, seed, round, stage, "stage", "requested", sparsity, "%", "", 0, ""));
    }
    measured(rows, arm, seed, round, "accuracy", 95 - round - 0.1 * seed, "%");
    measured(rows, arm, seed, round, "loss", 0.1 * (1 + round), "");
    measured(rows, arm, seed, round, "sparsity", sparsity, "%");
    measured(rows, arm, seed, round, "disk-size/dense", 1, "MB");
    measured(rows, arm, seed, round, "disk-size/bitmask", 1.03 - sparsity / 100, "MB");
    measured(rows, arm, seed, round, "parameters", WEIGHTS, "");
    measured(rows, arm, seed, round, "latency/batch-1/median", 1e-4 * (1 + 0.01 * seed), "s");
    measured(rows, arm, seed, round, "latency/batch-1/p90", 1.2e-4, "s");
  }

  private static void measured(
      List<ResultRow> rows,
      String arm,
      long seed,
      int round,
      String metric,
      double value,
      String unit) {
    String stage = round == 0 ? "train" : "prune";
    rows.add(row(arm, seed, round, stage, "measure", metric, value, unit, "test", 0, ""));
  }

  private static ResultRow row(
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
    return new ResultRow(
        "",
        arm,
        Map.of("arm", arm),
        seed,
        round,
        stage,
        "",
        "",
        source,
        metric,
        value,
        unit,
        split,
        epoch,
        layer);
  }

  private static Declared declared() {
    return new Declared("accuracy", List.of(), List.of(), List.of(), Map.of(), 10);
  }

  private static RunInfo info() {
    return new RunInfo(
        "rehearsal",
        "",
        SEEDS,
        1,
        ARMS.stream().map(arm -> new RunInfo.Arm(arm, Map.of("arm", arm))).toList(),
        List.of(
            new RunInfo.Quantity("accuracy", "accuracy", "%", true, true),
            new RunInfo.Quantity("loss", "loss", "", false, true),
            new RunInfo.Quantity("sparsity", "sparsity", "%", true, true),
            new RunInfo.Quantity("disk-size/dense", "disk-size", "MB", false, true),
            new RunInfo.Quantity("disk-size/bitmask", "disk-size", "MB", false, true),
            new RunInfo.Quantity("parameters", "parameters", "", false, true),
            new RunInfo.Quantity("latency/batch-1/median", "latency", "s", false, false),
            new RunInfo.Quantity("latency/batch-1/p90", "latency", "s", false, false)),
        List.of("sparsity-accuracy"),
        "arm",
        new RunInfo.Machine("", 1, 1, "", "", "", "", "cpu"),
        List.of(),
        List.of(),
        "",
        1,
        0,
        1,
        List.of(),
        "digits {}",
        "ffn {}");
  }
}

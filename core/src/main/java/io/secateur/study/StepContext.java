package io.secateur.study;

import ai.djl.Device;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.sparsity.Mask;
import io.secateur.spi.Examples;
import io.secateur.spi.ModelSource;
import io.secateur.spi.Point;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import io.secateur.spi.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** What a stage may use while it runs, bound to one node of a plan. */
final class StepContext implements Stage.Context {
  /** Progress is for people: more often than this nobody sees it. */
  private static final long QUIET = TimeUnit.MILLISECONDS.toNanos(100);

  private final Plan.Node node;
  private final Plan.Run run;
  private final ModelSource model;
  private final Bench bench;
  private final Checkpoints checkpoints;
  private final EventStream events;
  private final List<Stage.Row> rows = new ArrayList<>();
  private long reported = System.nanoTime() - QUIET;

  StepContext(
      Plan.Node node,
      Plan.Run run,
      ModelSource model,
      Bench bench,
      Checkpoints checkpoints,
      EventStream events) {
    this.node = node;
    this.run = run;
    this.model = model;
    this.bench = bench;
    this.checkpoints = checkpoints;
    this.events = events;
  }

  @Override
  public Examples data(Split split) throws IOException {
    return bench.data(split);
  }

  @Override
  public Task task() {
    return bench.task();
  }

  @Override
  public Device device() {
    return bench.device();
  }

  @Override
  public long seed(String purpose) {
    return Seeds.of(node.replicate(), purpose, run.stage().ordinal(node.round()));
  }

  @Override
  public Checkpoint recall(Point point) throws IOException {
    String key = run.recalls().get(point);
    if (key == null) {
      throw new IllegalStateException(
          "stage '%s' asks for %s, which its recalls() does not name"
              .formatted(run.stage().name(), point));
    }
    return checkpoints.read(key);
  }

  @Override
  public Checkpoint fresh(long seed) throws IOException {
    return bench.open(model, seed);
  }

  @Override
  public Map<String, Mask> storedMasks(String place, Architecture architecture) throws IOException {
    if (!run.stage().storedMasks().contains(place)) {
      throw new IllegalStateException(
          "stage '%s' asks for the masks of %s, which its storedMasks() does not name"
              .formatted(run.stage().name(), place));
    }
    return StoredMasks.read(place, architecture);
  }

  @Override
  public void record(Stage.Row row) {
    rows.add(row);
  }

  @Override
  public void say(String line) {
    events.send(Event.of(Event.Kind.SAID, node.key(), line));
  }

  @Override
  public void progress(long done, long total) {
    long now = System.nanoTime();
    if (done >= total || now - reported >= QUIET) {
      reported = now;
      events.send(new Event(Event.Kind.PROGRESSED, node.key(), "", done, total, 0));
    }
  }

  List<Stage.Row> rows() {
    return List.copyOf(rows);
  }
}

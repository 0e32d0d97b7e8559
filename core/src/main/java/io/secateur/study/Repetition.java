package io.secateur.study;

import io.secateur.model.Checkpoint;
import io.secateur.spi.Metric;
import io.secateur.spi.Split;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A worker's way through checkpoints that are timed again: several times through all of them, each
 * time from another one on, so that a change of the machine's speed meets all of them alike. Alone
 * on its machine, as in a run.
 */
final class Repetition {
  private final Study study;
  private final Store store;
  private final Bench bench;
  private final EventStream events;
  private final Checkpoints checkpoints;

  Repetition(Study study, Store store, Bench bench, EventStream events) {
    this.study = study;
    this.store = store;
    this.bench = bench;
    this.events = events;
    this.checkpoints = new Checkpoints(store);
  }

  /**
   * What was timed.
   *
   * @param values of all metrics
   */
  record Timed(List<Metric.Value> values) {}

  void work(Job.Again again) throws IOException {
    List<Metric> metrics = again.metrics().stream().map(study.measure()::get).toList();
    List<String> keys = again.checkpoints();
    // Once in vain: the first to be measured would meet a Java that has compiled nothing yet.
    if (measure(keys.get(0), metrics).isEmpty()) {
      return;
    }
    for (int round = 0; round < again.rounds(); round++) {
      int first = (int) ((long) round * keys.size() / again.rounds());
      for (int i = 0; i < keys.size(); i++) {
        String key = keys.get((first + i) % keys.size());
        List<Metric.Value> values = measure(key, metrics);
        if (values.isEmpty()) {
          return;
        }
        events.send(Event.of(Event.Kind.TIMED, key, Json.line(new Timed(values))));
      }
    }
  }

  /** Returns nothing after a failure, of which it tells. */
  private List<Metric.Value> measure(String key, List<Metric> metrics) throws IOException {
    while (!store.claims().takeAlone()) {
      Pause.millis(100);
    }
    try {
      while (store.claims().othersAreBusy()) {
        Pause.millis(100);
      }
      Checkpoint checkpoint = checkpoints.read(key);
      List<Metric.Value> all = new ArrayList<>();
      bench
          .measure(checkpoint, metrics, store.scratch(), Split.TEST)
          .values()
          .forEach(
              (metric, values) ->
                  metric.quantities().stream()
                      .filter(quantity -> !quantity.reproducible())
                      .forEach(
                          quantity ->
                              values.stream()
                                  .filter(value -> value.quantity().equals(quantity.name()))
                                  .forEach(all::add)));
      if (all.isEmpty()) {
        throw new IllegalStateException("nothing was timed");
      }
      return all;
    } catch (DamagedStepException e) {
      fail(key, e.getMessage() + "; running the study again mends it");
      return List.of();
    } catch (IOException | RuntimeException e) {
      fail(key, Faulty.sentence(e));
      return List.of();
    } finally {
      store.claims().releaseAlone();
    }
  }

  private void fail(String key, String message) {
    events.send(Event.of(Event.Kind.FAILED, key, message));
  }
}

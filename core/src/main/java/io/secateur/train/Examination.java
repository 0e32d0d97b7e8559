package io.secateur.train;

import ai.djl.ndarray.NDManager;
import io.secateur.builtin.Accuracy;
import io.secateur.builtin.Loss;
import io.secateur.evaluate.Evaluation;
import io.secateur.model.NetworkBlock;
import io.secateur.spi.Examples;
import io.secateur.spi.Metric;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import io.secateur.spi.Task;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is measured after every epoch: what is watched, and what stops a training or chooses its
 * best epoch. Each part of the data set is passed once for all of it.
 */
final class Examination {
  private final Task task;
  private final List<Watched> watched;
  private final Optional<Watched> stopping;
  private final Optional<Watched> choosing;

  /** What is measured by default. */
  Examination(Task task) {
    this(new Watch(), Optional.empty(), Optional.empty(), task);
  }

  Examination(Watch watch, Optional<EarlyStop> stop, Optional<BestEpoch> best, Task task) {
    this.task = task;
    this.stopping = stop.map(asked -> new Watched(asked.on(), predictions(asked.metric())));
    this.choosing =
        best.map(
            asked ->
                new Watched(
                    asked.on(), asked.metric().map(Examination::predictions).orElse(own())));
    Map<String, Watched> distinct = new LinkedHashMap<>();
    for (Split split : watch.on()) {
      for (Metric.OfPredictions metric : metrics(watch)) {
        for (Metric.Quantity quantity : metric.quantities()) {
          Watched each = new Watched(split, metric, quantity);
          distinct.putIfAbsent(each.key(), each);
        }
      }
    }
    stopping.ifPresent(each -> distinct.putIfAbsent(each.key(), each));
    choosing.ifPresent(each -> distinct.putIfAbsent(each.key(), each));
    this.watched = List.copyOf(distinct.values());
  }

  private List<Metric.OfPredictions> metrics(Watch watch) {
    return watch.metrics().isEmpty()
        ? List.of(own())
        : watch.metrics().stream().map(Examination::predictions).toList();
  }

  /** Returns the task's own metric. */
  private Metric.OfPredictions own() {
    return task instanceof Task.Classification ? new Accuracy() : new Loss();
  }

  private static Metric.OfPredictions predictions(Metric metric) {
    if (metric instanceof Metric.OfPredictions predictions) {
      return predictions;
    }
    throw new IllegalArgumentException(
        "%s is no metric of predictions, and only those are measured after every epoch"
            .formatted(metric.name()));
  }

  /** Returns everything measured, what is watched first. */
  List<Watched> watched() {
    return watched;
  }

  /** Returns what decides when to stop. */
  Optional<Watched> stopping() {
    return stopping;
  }

  /** Returns what chooses the best epoch. */
  Optional<Watched> choosing() {
    return choosing;
  }

  /** Measures a network; what has no examples, or is no number, is left out. */
  Map<String, Double> of(NetworkBlock block, Stage.Context context, int batch, NDManager manager)
      throws IOException {
    Map<String, Double> numbers = new LinkedHashMap<>();
    Set<Split> splits = new LinkedHashSet<>();
    watched.forEach(each -> splits.add(each.split()));
    for (Split split : splits) {
      Examples examples = context.data(split);
      if (examples.size() > 0) {
        numbers.putAll(of(block, split, examples, batch, manager));
      } else {
        refuseNeeded(split);
      }
    }
    return numbers;
  }

  private Map<String, Double> of(
      NetworkBlock block, Split split, Examples examples, int batch, NDManager manager) {
    List<Watched> here = watched.stream().filter(each -> each.split() == split).toList();
    List<Metric.OfPredictions> metrics = here.stream().map(Watched::metric).distinct().toList();
    Map<Metric.OfPredictions, List<Metric.Value>> values =
        Evaluation.predictions(block, examples, task, metrics, batch, manager);
    Map<String, Double> numbers = new LinkedHashMap<>();
    for (Watched each : here) {
      for (Metric.Value value : values.getOrDefault(each.metric(), List.of())) {
        boolean asked = value.quantity().equals(each.quantity().name());
        if (asked && value.layer().isEmpty() && !Double.isNaN(value.value())) {
          numbers.put(each.key(), value.value());
        }
      }
    }
    return numbers;
  }

  private void refuseNeeded(Split split) {
    for (Optional<Watched> needed : List.of(stopping, choosing)) {
      if (needed.isPresent() && needed.get().split() == split) {
        throw new IllegalArgumentException(
            "the data set has no %s part, on which %s is to be measured after every epoch"
                .formatted(needed.get().part(), needed.get().quantity().name()));
      }
    }
  }
}

package io.secateur.train;

import ai.djl.ndarray.NDManager;
import io.secateur.builtin.Accuracy;
import io.secateur.builtin.Loss;
import io.secateur.evaluate.Evaluation;
import io.secateur.model.NetworkBlock;
import io.secateur.spi.Examples;
import io.secateur.spi.Metric;
import io.secateur.spi.Task;
import java.util.List;
import java.util.Locale;

/** What is measured on the test examples after every epoch: accuracy, or the loss. */
final class Examination {
  private final Task task;
  private final Metric.OfPredictions metric;
  private final Metric.Quantity quantity;

  Examination(Task task) {
    this.task = task;
    this.metric = task instanceof Task.Classification ? new Accuracy() : new Loss();
    this.quantity = metric.quantities().get(0);
  }

  /** Returns the quantity's name. */
  String metric() {
    return quantity.name();
  }

  /** Returns the name under which an epoch keeps it. */
  String key() {
    return "test " + quantity.name();
  }

  String unit() {
    return quantity.unit();
  }

  boolean higherIsBetter() {
    return quantity.higherIsBetter();
  }

  /** Returns a value with its unit. */
  String text(double value) {
    return quantity.unit().isEmpty()
        ? String.format(Locale.ROOT, "%.4f", value)
        : String.format(Locale.ROOT, "%.2f %s", value, quantity.unit());
  }

  /** Measures a network; NaN when there are no examples. */
  double of(NetworkBlock block, Examples examples, int batch, NDManager manager) {
    if (examples.size() == 0) {
      return Double.NaN;
    }
    return Evaluation.predictions(block, examples, task, List.of(metric), batch, manager)
        .getOrDefault(metric, List.of())
        .get(0)
        .value();
  }
}

package io.secateur.train;

import io.secateur.model.TrainingState;
import io.secateur.spi.Metric;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import java.util.Locale;

/**
 * A quantity that is measured after every epoch on one part of the data set.
 *
 * @param metric what measures it
 */
record Watched(Split split, Metric.OfPredictions metric, Metric.Quantity quantity) {

  /** The metric's first quantity. */
  Watched(Split split, Metric.OfPredictions metric) {
    this(split, metric, metric.quantities().get(0));
  }

  /** Returns the name under which an epoch keeps it. */
  String key() {
    // "train loss" is the mean over an epoch's batches, with the weights as each batch met them.
    return part() + (split == Split.TRAIN ? "/" : " ") + quantity.name();
  }

  /** Returns the part's name as rows and lines say it. */
  String part() {
    return split.name().toLowerCase(Locale.ROOT);
  }

  boolean in(TrainingState.Epoch epoch) {
    return epoch.numbers().containsKey(key());
  }

  /** Returns an epoch's value; NaN when it has none, since a value of NaN is not kept. */
  double of(TrainingState.Epoch epoch) {
    return epoch.numbers().getOrDefault(key(), Double.NaN);
  }

  Stage.Row row(TrainingState.Epoch epoch) {
    return new Stage.Row(quantity.name(), of(epoch), "", part(), epoch.epoch(), quantity.unit());
  }

  /** Returns by how much an epoch is better than another; anything is better than NaN. */
  double lead(TrainingState.Epoch epoch, TrainingState.Epoch other) {
    if (Double.isNaN(of(other)) && !Double.isNaN(of(epoch))) {
      return Double.POSITIVE_INFINITY;
    }
    double lead = of(epoch) - of(other);
    return quantity.higherIsBetter() ? lead : -lead;
  }

  /** Returns a value with its unit. */
  String text(TrainingState.Epoch epoch) {
    return quantity.unit().isEmpty()
        ? String.format(Locale.ROOT, "%.4f", of(epoch))
        : String.format(Locale.ROOT, "%.2f %s", of(epoch), quantity.unit());
  }
}

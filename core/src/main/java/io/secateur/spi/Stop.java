package io.secateur.spi;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * When rounds end before their last: the model after a round is worse than before the first by more
 * than it may be. That round is undone, and the arm keeps the last one that held.
 *
 * @param metric what is compared, by its first quantity; required
 * @param drop how much worse it may be, in the metric's unit: points where that is per cent
 * @param on the split it is measured on
 * @param halve how often a round that is undone does not end the rounds, but halves the fraction of
 *     the remaining that goes from then on
 */
public record Stop(Optional<Metric> metric, double drop, Split on, int halve) {
  /** One point on the validation part, without halving; the metric is still to be said. */
  public Stop() {
    this(Optional.empty(), 1, Split.VALIDATION, 0);
  }

  public Stop {
    if (!(drop >= 0 && drop < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("drop must be a number of at least 0, was " + drop);
    }
    if (halve < 0) {
      throw new IllegalArgumentException("halve must be at least 0, was " + halve);
    }
    if (metric.isPresent() && !metric.get().quantities().get(0).reproducible()) {
      throw new IllegalArgumentException(
          "rounds are stopped by a metric that gives the same number every time, such as accuracy or"
              + " loss, not by "
              + metric.get().name());
    }
  }

  /** Returns what makes this impossible on a task, one line each; none when fine. */
  public List<String> faults(Task task) {
    List<String> faults = new ArrayList<>();
    if (metric.isEmpty()) {
      faults.add("stop needs the metric that it compares: stop: {metric: accuracy, drop: 1.0}");
    } else if (!metric.get().suits(task)) {
      faults.add("metric '%s' of stop does not suit %s".formatted(metric.get().name(), task));
    }
    return faults;
  }

  /**
   * Returns whether a model as good as {@code now} holds where it was as good as {@code before}.
   */
  public boolean holds(double before, double now) {
    double worse = quantity().higherIsBetter() ? before - now : now - before;
    return worse <= drop;
  }

  /** Returns the quantity that is compared. */
  public Metric.Quantity quantity() {
    return metric.orElseThrow().quantities().get(0);
  }

  /** Returns the split in lower case; empty for a metric that looks at none. */
  public String split() {
    boolean predicts = metric.orElseThrow() instanceof Metric.OfPredictions;
    return predicts ? on.name().toLowerCase(Locale.ROOT) : "";
  }

  /** Returns it in words: {@code accuracy on validation worse by more than 1.0 %}. */
  public String words() {
    String unit = quantity().unit();
    return "%s%s worse by more than %s%s"
        .formatted(
            quantity().name(),
            split().isEmpty() ? "" : " on " + split(),
            drop,
            unit.equals("%") ? " points" : unit.isEmpty() ? "" : " " + unit);
  }
}

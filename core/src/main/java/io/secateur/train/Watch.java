package io.secateur.train;

import io.secateur.spi.Metric;
import io.secateur.spi.Split;
import java.util.List;

/**
 * What is measured after every epoch.
 *
 * @param metrics metrics of predictions; none for the task's own: accuracy, or the loss
 * @param on the parts of the data set, in the order of their columns; each is passed once for all
 *     metrics
 */
public record Watch(List<Metric> metrics, List<Split> on) {
  /** The task's own metric, on the test part. */
  public Watch() {
    this(List.of(), List.of(Split.TEST));
  }

  public Watch {
    metrics = List.copyOf(metrics);
    on = List.copyOf(on);
  }
}

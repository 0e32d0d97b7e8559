package io.secateur.train;

import io.secateur.spi.Metric;
import io.secateur.spi.Split;
import java.util.Optional;

/**
 * Which epoch's parameters a training returns: those of the best, of equals the first; running
 * statistics too. Where weights are pruned meanwhile, only epochs that end after the last of that
 * count.
 *
 * @param metric a metric of predictions, its first quantity; the task's own when absent: accuracy,
 *     or the loss
 * @param on the part of the data set that it is measured on
 */
public record BestEpoch(Optional<Metric> metric, Split on) {
  /** The task's own metric, on the validation part. */
  public BestEpoch() {
    this(Optional.empty(), Split.VALIDATION);
  }
}

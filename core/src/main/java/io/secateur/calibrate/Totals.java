package io.secateur.calibrate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistics;
import java.util.HashMap;
import java.util.Map;

/**
 * The statistics of one weight: sums in float64 while batches come in, so that the many do not
 * drown the last, and float32 once they are complete.
 */
final class Totals implements Statistics {
  private final String weight;
  private final NDManager manager;
  private final Map<Statistic, NDArray> totals = new HashMap<>();
  private final Map<Statistic, Long> counts = new HashMap<>();

  Totals(String weight, NDManager manager) {
    this.weight = weight;
    this.manager = manager;
  }

  /** Adds a batch's part. */
  void add(Statistic statistic, NDArray part, long observed) {
    NDArray wide = part.toType(DataType.FLOAT64, false);
    NDArray before = totals.get(statistic);
    NDArray after = before == null ? wide.duplicate() : statistic.plus(before, wide);
    keep(statistic, after);
    if (before != null && before != after) {
      before.close();
    }
    counts.merge(statistic, observed, Long::sum);
  }

  /** Ends the sums: from now on they are float32. */
  void complete() {
    for (Map.Entry<Statistic, NDArray> total : Map.copyOf(totals).entrySet()) {
      keep(total.getKey(), total.getValue().toType(DataType.FLOAT32, true));
      total.getValue().close();
    }
  }

  /** What survives a batch's scope and manager. */
  private void keep(Statistic statistic, NDArray total) {
    NDScope.unregister(total);
    total.attach(manager);
    totals.put(statistic, total);
  }

  @Override
  public NDArray total(Statistic statistic) {
    NDArray total = totals.get(statistic);
    if (total == null) {
      throw missing(statistic);
    }
    return total;
  }

  @Override
  public long count(Statistic statistic) {
    Long count = counts.get(statistic);
    if (count == null) {
      throw missing(statistic);
    }
    return count;
  }

  private IllegalArgumentException missing(Statistic statistic) {
    return new IllegalArgumentException(
        "statistic %s of %s was not gathered; a method's needs() must name it, they named %s"
            .formatted(statistic, weight, totals.keySet()));
  }
}

package io.secateur.builtin;

import ai.djl.ndarray.NDArray;
import io.secateur.spi.Metric;
import java.util.List;

/** The share of targets that the highest output names, in per cent; of equal outputs the first. */
final class Highest implements Metric.OfPredictions.Tally {
  private final String quantity;
  private long right;
  private long seen;

  Highest(String quantity) {
    this.quantity = quantity;
  }

  @Override
  public void add(NDArray predictions, NDArray targets) {
    seen +=
        Targets.each(
            predictions,
            targets,
            (scores, first, outputs, label) ->
                right += highest(scores, first, outputs) == label ? 1 : 0);
  }

  /** An output of NaN is never right. */
  private static int highest(float[] scores, int first, int outputs) {
    int best = 0;
    for (int i = 0; i < outputs; i++) {
      if (Float.isNaN(scores[first + i])) {
        return -1;
      }
      best = scores[first + i] > scores[first + best] ? i : best;
    }
    return best;
  }

  @Override
  public List<Metric.Value> result() {
    return List.of(new Metric.Value(quantity, 100.0 * right / seen));
  }
}

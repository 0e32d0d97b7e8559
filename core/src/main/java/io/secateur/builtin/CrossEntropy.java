package io.secateur.builtin;

import ai.djl.ndarray.NDArray;
import io.secateur.spi.Metric;
import java.util.List;
import java.util.function.DoubleFunction;

/** The mean cross-entropy of outputs as logits, in nats: summed in double precision, in order. */
final class CrossEntropy implements Metric.OfPredictions.Tally {
  private final DoubleFunction<List<Metric.Value>> result;
  private double sum;
  private long seen;

  CrossEntropy(DoubleFunction<List<Metric.Value>> result) {
    this.result = result;
  }

  @Override
  public void add(NDArray predictions, NDArray targets) {
    seen +=
        Targets.each(
            predictions,
            targets,
            (logits, first, outputs, label) ->
                sum += logSumExp(logits, first, outputs) - logits[first + label]);
  }

  private static double logSumExp(float[] logits, int first, int outputs) {
    double highest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < outputs; i++) {
      highest = Math.max(highest, logits[first + i]);
    }
    double total = 0;
    for (int i = 0; i < outputs; i++) {
      total += StrictMath.exp(logits[first + i] - highest);
    }
    return highest + StrictMath.log(total);
  }

  @Override
  public List<Metric.Value> result() {
    return result.apply(sum / seen);
  }
}

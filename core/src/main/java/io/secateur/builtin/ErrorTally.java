package io.secateur.builtin;

import ai.djl.ndarray.NDArray;
import io.secateur.spi.Metric;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** The mean over all outputs of all examples of something of their errors, summed as a double. */
final class ErrorTally implements Metric.OfPredictions.Tally {
  private final String quantity;
  private final DoubleUnaryOperator each;
  private double sum;
  private long seen;

  /**
   * A tally.
   *
   * @param each what is added up, of an output minus its target
   */
  ErrorTally(String quantity, DoubleUnaryOperator each) {
    this.quantity = quantity;
    this.each = each;
  }

  @Override
  public void add(NDArray predictions, NDArray targets) {
    float[] given = predictions.toFloatArray();
    float[] wanted = targets.toFloatArray();
    for (int i = 0; i < wanted.length; i++) {
      sum += each.applyAsDouble((double) given[i] - wanted[i]);
    }
    seen += wanted.length;
  }

  @Override
  public List<Metric.Value> result() {
    return List.of(new Metric.Value(quantity, sum / seen));
  }
}

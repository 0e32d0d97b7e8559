package io.secateur.builtin;

import ai.djl.ndarray.NDArray;
import io.secateur.spi.Metric;
import io.secateur.spi.Task;
import java.util.List;

/** Top-1 accuracy in per cent: every example (token) counts once, the short last batch included. */
public record Accuracy() implements Metric.OfPredictions {
  @Override
  public String name() {
    return "accuracy";
  }

  @Override
  public String description() {
    return """
        Top-1 accuracy in per cent on the test split: the share of examples whose highest output \
        is the label's.
        Every example counts once, the short last batch included; of equal outputs the first wins; \
        an output of NaN is never right.""";
  }

  @Override
  public List<Quantity> quantities() {
    return List.of(new Quantity("accuracy", "%", true, true));
  }

  @Override
  public boolean suits(Task task) {
    return !(task instanceof Task.Regression);
  }

  @Override
  public Tally start(Task task) {
    return new Counted(task.outputs());
  }

  private static final class Counted implements Tally {
    private final int outputs;
    private long right;
    private long seen;

    Counted(int outputs) {
      this.outputs = outputs;
    }

    @Override
    public void add(NDArray predictions, NDArray targets) {
      float[] scores = predictions.toFloatArray();
      long[] labels = targets.toLongArray();
      for (int row = 0; row < labels.length; row++) {
        right += highest(scores, row * outputs) == labels[row] ? 1 : 0;
      }
      seen += labels.length;
    }

    private int highest(float[] scores, int first) {
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
    public List<Value> result() {
      return List.of(new Value("accuracy", 100.0 * right / seen));
    }
  }
}

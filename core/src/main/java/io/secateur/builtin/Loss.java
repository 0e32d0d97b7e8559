package io.secateur.builtin;

import ai.djl.ndarray.NDArray;
import io.secateur.spi.Metric;
import io.secateur.spi.Task;
import java.util.List;

/**
 * The task's mean loss: cross-entropy of the outputs as logits, in nats, or the squared error.
 * Summed in double precision, example by example.
 */
public record Loss() implements Metric.OfPredictions {
  @Override
  public String name() {
    return "loss";
  }

  @Override
  public String description() {
    return """
        Mean loss on the test split: cross-entropy in nats for classification (per token for text), \
        mean squared error over all outputs for regression.""";
  }

  @Override
  public List<Quantity> quantities() {
    return List.of(new Quantity("loss", "", false, true));
  }

  @Override
  public Tally start(Task task) {
    return task instanceof Task.Regression
        ? new ErrorTally("loss", error -> error * error)
        : new CrossEntropy(task.outputs());
  }

  private static final class CrossEntropy implements Tally {
    private final int outputs;
    private double sum;
    private long seen;

    CrossEntropy(int outputs) {
      this.outputs = outputs;
    }

    @Override
    public void add(NDArray predictions, NDArray targets) {
      float[] logits = predictions.toFloatArray();
      long[] labels = targets.toLongArray();
      for (int row = 0; row < labels.length; row++) {
        int first = row * outputs;
        sum += logSumExp(logits, first) - logits[first + Math.toIntExact(labels[row])];
      }
      seen += labels.length;
    }

    private double logSumExp(float[] logits, int first) {
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
    public List<Value> result() {
      return List.of(new Value("loss", sum / seen));
    }
  }
}

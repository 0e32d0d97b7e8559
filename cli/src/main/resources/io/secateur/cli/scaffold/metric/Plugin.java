package @package@;

import ai.djl.ndarray.NDArray;
import io.secateur.spi.Metric;
import io.secateur.spi.Task;
import java.util.List;

/** The accuracy of the class that is told worst, in per cent. */
public record @class@() implements Metric.OfPredictions {
  @Override
  public String name() {
    return "@name@";
  }

  @Override
  public String description() {
    return """
        The accuracy of the class that is told worst, in per cent.
        What it is for: a mean hides that pruning takes more from some classes than from others.
        Hooker et al., "What Do Compressed Deep Neural Networks Forget?", 2019.""";
  }

  @Override
  public List<Quantity> quantities() {
    return List.of(new Quantity("@name@", "%", true, true));
  }

  @Override
  public boolean suits(Task task) {
    return task instanceof Task.Classification;
  }

  @Override
  public Tally start(Task task) {
    return new ByClass(task.outputs());
  }

  /** Counts, so that the result does not depend on how examples are batched. */
  private static final class ByClass implements Tally {
    private final long[] right;
    private final long[] seen;

    ByClass(int classes) {
      right = new long[classes];
      seen = new long[classes];
    }

    /** Predictions are (batch, classes), targets the numbers of the classes. */
    @Override
    public void add(NDArray predictions, NDArray targets) {
      float[] scores = predictions.toFloatArray();
      long[] labels = targets.toLongArray();
      for (int i = 0; i < labels.length; i++) {
        int label = (int) labels[i];
        seen[label]++;
        right[label] += highest(scores, i * seen.length, seen.length) == label ? 1 : 0;
      }
    }

    /** Of equal scores the first is the highest. */
    private static int highest(float[] scores, int first, int classes) {
      int best = 0;
      for (int i = 1; i < classes; i++) {
        best = scores[first + i] > scores[first + best] ? i : best;
      }
      return best;
    }

    @Override
    public List<Value> result() {
      double worst = 100;
      for (int i = 0; i < seen.length; i++) {
        if (seen[i] > 0) {
          worst = Math.min(worst, 100.0 * right[i] / seen[i]);
        }
      }
      return List.of(new Value("@name@", worst));
    }
  }
}

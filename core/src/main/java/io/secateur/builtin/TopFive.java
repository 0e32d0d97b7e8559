package io.secateur.builtin;

import ai.djl.ndarray.NDArray;
import io.secateur.spi.Metric;
import io.secateur.spi.Task;
import java.util.List;

/** Top-5 accuracy in per cent: the label's output is among the five highest. */
public record TopFive() implements Metric.OfPredictions {
  private static final int PLACES = 5;

  @Override
  public String name() {
    return "top-5";
  }

  @Override
  public String description() {
    return """
        Top-5 accuracy in per cent: the share of examples whose label is among the five highest \
        outputs. For more than five classes, of which it would otherwise always be.
        Every example counts once; of equal outputs the first counts as the higher; an example \
        with an output of NaN is never right.""";
  }

  @Override
  public List<Quantity> quantities() {
    return List.of(new Quantity("top-5", "%", true, true));
  }

  @Override
  public boolean suits(Task task) {
    return !(task instanceof Task.Regression) && task.outputs() > PLACES;
  }

  @Override
  public Tally start(Task task) {
    return new Counted();
  }

  private static final class Counted implements Tally {
    private long right;
    private long seen;

    @Override
    public void add(NDArray predictions, NDArray targets) {
      seen +=
          Targets.each(
              predictions,
              targets,
              (scores, first, outputs, label) ->
                  right += among(scores, first, outputs, label) ? 1 : 0);
    }

    private static boolean among(float[] scores, int first, int outputs, int label) {
      float own = scores[first + label];
      int higher = 0;
      for (int i = 0; i < outputs; i++) {
        float other = scores[first + i];
        if (Float.isNaN(other)) {
          return false;
        }
        higher += other > own || (other == own && i < label) ? 1 : 0;
      }
      return higher < PLACES;
    }

    @Override
    public List<Value> result() {
      return List.of(new Value("top-5", 100.0 * right / seen));
    }
  }
}

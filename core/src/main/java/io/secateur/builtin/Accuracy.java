package io.secateur.builtin;

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
    return new Highest("accuracy");
  }
}

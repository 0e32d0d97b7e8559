package io.secateur.builtin;

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
        : new CrossEntropy(mean -> List.of(new Value("loss", mean)));
  }
}

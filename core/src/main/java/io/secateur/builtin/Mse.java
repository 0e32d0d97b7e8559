package io.secateur.builtin;

import io.secateur.spi.Metric;
import io.secateur.spi.Task;
import java.util.List;

/** The mean squared error of a regression. */
public record Mse() implements Metric.OfPredictions {
  @Override
  public String name() {
    return "mse";
  }

  @Override
  public String description() {
    return "Mean squared error: of output minus target, over all outputs of all examples."
        + " For regression.";
  }

  @Override
  public List<Quantity> quantities() {
    return List.of(new Quantity("mse", "", false, true));
  }

  @Override
  public boolean suits(Task task) {
    return task instanceof Task.Regression;
  }

  @Override
  public Tally start(Task task) {
    return new ErrorTally("mse", error -> error * error);
  }
}

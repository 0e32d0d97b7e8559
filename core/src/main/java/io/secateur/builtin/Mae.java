package io.secateur.builtin;

import io.secateur.spi.Metric;
import io.secateur.spi.Task;
import java.util.List;

/** The mean absolute error of a regression. */
public record Mae() implements Metric.OfPredictions {
  @Override
  public String name() {
    return "mae";
  }

  @Override
  public String description() {
    return "Mean absolute error: of the magnitude of output minus target, over all outputs of all examples."
        + " For regression.";
  }

  @Override
  public List<Quantity> quantities() {
    return List.of(new Quantity("mae", "", false, true));
  }

  @Override
  public boolean suits(Task task) {
    return task instanceof Task.Regression;
  }

  @Override
  public Tally start(Task task) {
    return new ErrorTally("mae", Math::abs);
  }
}

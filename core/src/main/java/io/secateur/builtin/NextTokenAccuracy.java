package io.secateur.builtin;

import io.secateur.spi.Metric;
import io.secateur.spi.Task;
import java.util.List;

/** How often the likeliest next token is the one that comes, in per cent. */
public record NextTokenAccuracy() implements Metric.OfPredictions {
  private static final String NAME = "next-token-accuracy";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return """
        The share of tokens of the test split, in per cent, that the model held for the likeliest \
        after those before them; the tokens are those of perplexity.""";
  }

  @Override
  public List<Quantity> quantities() {
    return List.of(new Quantity(NAME, "%", true, true));
  }

  @Override
  public boolean suits(Task task) {
    return task instanceof Task.TokenPrediction;
  }

  @Override
  public Tally start(Task task) {
    return new Highest(NAME);
  }
}

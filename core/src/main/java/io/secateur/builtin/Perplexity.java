package io.secateur.builtin;

import io.secateur.spi.Metric;
import io.secateur.spi.Task;
import java.util.List;

/** How many tokens a model wavers between: e to the mean cross-entropy of the next token. */
public record Perplexity() implements Metric.OfPredictions {
  private static final String NAME = "perplexity";

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public String description() {
    return """
        e to the power of the mean cross-entropy in nats of the next token, over all tokens of the \
        test split that have one before them in their text or window; windows do not overlap. \
        Perplexities compare only with equal tokens: the same tokenizer, windows and texts.""";
  }

  @Override
  public List<Quantity> quantities() {
    return List.of(new Quantity(NAME, "", false, true));
  }

  @Override
  public boolean suits(Task task) {
    return task instanceof Task.TokenPrediction;
  }

  @Override
  public Tally start(Task task) {
    return new CrossEntropy(mean -> List.of(new Value(NAME, StrictMath.exp(mean))));
  }
}

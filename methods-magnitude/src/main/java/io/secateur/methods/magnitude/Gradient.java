package io.secateur.methods.magnitude;

import ai.djl.ndarray.NDArray;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistic.Gradients;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;
import java.util.Set;

/** The mean magnitude of the loss's gradient with respect to a weight, over batches. */
public record Gradient() implements ScoringMethod {
  @Override
  public String name() {
    return "gradient";
  }

  @Override
  public String description() {
    return """
        Scores a weight by how strongly the loss reacts to it: s = mean over calibration batches \
        of |dL/dw|, the gradient of a batch's mean loss. A threshold of it, amount: {below: 0.1}, \
        is in units of loss per unit of weight.
        Why it should work: the loss hardly changes for a small change of a weight whose gradient \
        is small. It does not look at how large the change is that pruning makes; snip does.
        Mozer and Smolensky, "Skeletonization", NIPS 1988, remove units by such a derivative.""";
  }

  @Override
  public Set<Statistic> needs() {
    return Set.of(Gradients.ABSOLUTE);
  }

  @Override
  public NDArray scores(Weight weight, Statistics statistics) {
    return statistics.total(Gradients.ABSOLUTE).div(statistics.count(Gradients.ABSOLUTE));
  }
}

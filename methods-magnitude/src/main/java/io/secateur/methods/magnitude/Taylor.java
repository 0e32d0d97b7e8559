package io.secateur.methods.magnitude;

import ai.djl.ndarray.NDArray;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistic.Gradients;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;
import java.util.Set;

/** First-order Taylor importance, (w · ∂L/∂w)² averaged over batches (Molchanov et al., 2019). */
public record Taylor() implements ScoringMethod {
  @Override
  public String name() {
    return "taylor";
  }

  @Override
  public String description() {
    return """
        Scores a weight by the squared change of the loss, to first order, when it is removed: \
        s = mean over calibration batches of (w * dL/dw)^2. Of a block or a slice the scores of \
        the cells are added up.
        Unlike snip, gradients that differ in sign from batch to batch do not cancel.
        Why it should work: removing w changes the loss by w * dL/dw when the change is small.
        Molchanov et al., "Importance Estimation for Neural Network Pruning", CVPR 2019.""";
  }

  @Override
  public Set<Statistic> needs() {
    return Set.of(Gradients.SQUARED);
  }

  @Override
  public NDArray scores(Weight weight, Statistics statistics) {
    NDArray mean = statistics.total(Gradients.SQUARED).div(statistics.count(Gradients.SQUARED));
    return weight.matrix().square().mul(mean);
  }
}

package io.secateur.methods.magnitude;

import ai.djl.ndarray.NDArray;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistic.Gradients;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;
import java.util.Set;

/** Connection sensitivity, |w · ∂L/∂w| (Lee et al., 2019). */
public record Snip() implements ScoringMethod {
  @Override
  public String name() {
    return "snip";
  }

  @Override
  public String description() {
    return """
        Scores a weight by how much the loss changes, to first order, when it is removed: \
        s = |w * g|, g = mean over calibration batches of dL/dw.
        The paper divides all scores by their sum over the network, which changes no order and \
        no count; here they stay undivided, so that a threshold, amount: {below: ...}, is a change \
        of the loss. Made for scope global, on the model as initialised: place it before training.
        Why it should work: a connection that the loss does not feel at the beginning is not \
        needed to learn.
        Lee et al., "SNIP: Single-shot Network Pruning based on Connection Sensitivity", ICLR \
        2019.""";
  }

  @Override
  public Set<Statistic> needs() {
    return Set.of(Gradients.SUM);
  }

  @Override
  public NDArray scores(Weight weight, Statistics statistics) {
    NDArray mean = statistics.total(Gradients.SUM).div(statistics.count(Gradients.SUM));
    return weight.matrix().mul(mean).abs();
  }
}

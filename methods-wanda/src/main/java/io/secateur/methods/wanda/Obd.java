package io.secateur.methods.wanda;

import ai.djl.ndarray.NDArray;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistic.Gradients;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;
import java.util.Set;

/**
 * Optimal brain damage, ½ h w² with the diagonal of the Fisher matrix for h (LeCun et al., 1990).
 */
public record Obd() implements ScoringMethod {
  @Override
  public String name() {
    return "obd";
  }

  @Override
  public String description() {
    return """
        Scores a weight by how much the loss grows, to second order, when it is removed: \
        s = w^2 / 2 * mean over examples of (dL/dw)^2. The mean is the diagonal of the empirical \
        Fisher matrix, which stands for that of the Hessian; the paper computes the latter by a \
        backward pass of its own.
        Examples are shown one by one, whatever the batch of calibration: squares of a batch's mean \
        gradient are something else. Lower calibration: {examples: ...} where that takes too long.
        Made for trained networks, where gradients are 0 on average.
        Why it should work: at a minimum of the loss the first thing to change it is its curvature.
        LeCun, Denker and Solla, "Optimal Brain Damage", NIPS 1989 (1990).""";
  }

  @Override
  public Set<Statistic> needs() {
    return Set.of(Gradients.FISHER);
  }

  @Override
  public NDArray scores(Weight weight, Statistics statistics) {
    NDArray fisher = statistics.total(Gradients.FISHER).div(statistics.count(Gradients.FISHER));
    return weight.matrix().square().mul(fisher).mul(.5f);
  }
}

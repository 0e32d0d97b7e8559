package io.secateur.methods.magnitude;

import ai.djl.ndarray.NDArray;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;
import java.util.Set;

/** How far a weight moved away from zero while training, −Σ w · ∂L/∂w (Sanh et al., 2020). */
public record Movement() implements ScoringMethod {

  /** What a training's steps give: the weight times its gradient. */
  enum Steps implements Statistic.OfTraining {
    /** Sum of weight times gradient over the steps. */
    WEIGHT_TIMES_GRADIENT {
      @Override
      public NDArray of(NDArray weight, NDArray gradient) {
        return weight.mul(gradient);
      }
    }
  }

  @Override
  public String name() {
    return "movement";
  }

  @Override
  public String description() {
    return """
        Scores a weight by how far training drives it away from zero: \
        s = - sum over the training's steps of w * dL/dw. A weight that shrinks scores below 0 and \
        goes first, however large it is.
        It prunes inside a training, which gathers the sum: \
        finetune: {prune: {method: movement, amount: 0.9}}.
        Why it should work: in fine-tuning, what a weight becomes says more than what it was; made \
        for pretrained models.
        Sanh et al., "Movement Pruning: Adaptive Sparsity by Fine-Tuning", NeurIPS 2020 (hard \
        version, without the learning rate's factor).""";
  }

  @Override
  public Set<Statistic> needs() {
    return Set.of(Steps.WEIGHT_TIMES_GRADIENT);
  }

  @Override
  public NDArray scores(Weight weight, Statistics statistics) {
    return statistics.total(Steps.WEIGHT_TIMES_GRADIENT).neg();
  }
}

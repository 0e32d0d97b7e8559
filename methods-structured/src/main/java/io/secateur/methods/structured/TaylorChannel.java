package io.secateur.methods.structured;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;
import java.util.Set;

/**
 * First-order change of the loss when a unit's output becomes 0: |mean over positions of activation
 * times gradient|, averaged over examples (Molchanov et al., 2017).
 */
public record TaylorChannel() implements ScoringMethod {
  @Override
  public String name() {
    return "taylor-channel";
  }

  @Override
  public String description() {
    return """
        Scores a unit (a filter, a channel, a feature) by what its outputs z tell of the loss L: \
        s = mean over calibration examples of |mean over positions of z * dL/dz|. The outputs are \
        what becomes 0 when the unit goes: behind a batch norm that follows the layer at once for \
        output-units, those of the layer itself for slices. Where several \
        weights make a unit (a residual sum), the scores of their outputs are added up. Goes with \
        granularity output-units or {slice: output}.
        Why it should work: when z becomes 0, the loss changes by z * dL/dz to first order.
        Molchanov et al., "Pruning Convolutional Neural Networks for Resource Efficient \
        Inference", ICLR 2017; "Importance Estimation for Neural Network Pruning", CVPR 2019.""";
  }

  /** What the outputs of a unit have to do with the loss. */
  enum Outputs implements Statistic.OfOutputGradients {
    /** Sum over examples of |sum over positions of output times gradient of the example's loss|. */
    EFFECT {
      @Override
      public NDArray of(NDArray outputs, NDArray gradients, long examples) {
        long units = outputs.getShape().get(1);
        // The gradients are those of the batch's mean loss: an example's own is so many times that.
        return outputs
            .mul(gradients)
            .reshape(examples, -1, units)
            .sum(new int[] {1})
            .abs()
            .sum(new int[] {0})
            .mul(examples);
      }

      @Override
      public NDArray of(NDArray outputs, NDArray gradients) {
        return of(outputs, gradients, outputs.getShape().get(0));
      }
    }
  }

  @Override
  public Set<Statistic> needs() {
    return Set.of(Outputs.EFFECT);
  }

  @Override
  public boolean unitwise() {
    return true;
  }

  @Override
  public NDArray scores(Weight weight, Statistics statistics) {
    // As many rows were seen as there are examples times positions, which makes both means at once.
    NDArray mean = statistics.total(Outputs.EFFECT).div(statistics.count(Outputs.EFFECT));
    return mean.reshape(new Shape(mean.size(), 1));
  }
}

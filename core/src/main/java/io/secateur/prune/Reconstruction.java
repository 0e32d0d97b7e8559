package io.secateur.prune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Tensor;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Mask;
import io.secateur.sparsity.Scope;
import io.secateur.spi.ReconstructingMethod;
import io.secateur.spi.Statistics;
import java.util.List;

/** Has a method prune a weight and repair what stays. */
final class Reconstruction {
  private final ReconstructingMethod method;
  private final Scope scope;

  Reconstruction(ReconstructingMethod method, Scope scope) {
    this.method = method;
    this.scope = scope;
  }

  /** A weight's new numbers and mask. */
  record Outcome(Tensor weight, Mask mask, List<String> warnings) {}

  /** Prunes one weight. */
  Outcome of(
      WeightMatrix weight,
      Shape shape,
      Mask before,
      Amount amount,
      Statistics statistics,
      NDManager manager) {
    BlockSelector selector = new BlockSelector(weight.name(), before, scope, amount);
    try (NDScope opened = new NDScope();
        NDManager own = manager.newSubManager()) {
      opened.suppressNotUsedWarning();
      NDArray result = method.reconstruct(weight.whole(own), statistics, selector);
      ScoreShapes.require(result, method.name(), weight.name(), "repaired weights");
      Mask mask = selector.mask();
      Shape matrix = new Shape(weight.form().rows(), weight.form().columns());
      if (!result.getShape().equals(matrix) || result.getDataType() != DataType.FLOAT32) {
        throw new IllegalArgumentException(
            "method '%s' gave %s a matrix of %s%s, it must be float32%s"
                .formatted(
                    method.name(), weight.name(), result.getDataType(), result.getShape(), matrix));
      }
      Tensor repaired = Tensor.copyOf(result.reshape(shape)).masked(mask);
      refuseNaN(repaired, weight.name());
      return new Outcome(repaired, mask, selector.warnings());
    }
  }

  private void refuseNaN(Tensor repaired, String name) {
    float[] part = new float[1 << 14];
    for (long first = 0; first < repaired.size(); first += part.length) {
      int length = (int) Math.min(part.length, repaired.size() - first);
      repaired.read(first, part, length);
      for (int i = 0; i < length; i++) {
        if (!Float.isFinite(part[i])) {
          throw new IllegalArgumentException(
              "method '%s' gave %s the weight %s at cell %d; a repaired weight must be finite"
                  .formatted(method.name(), name, part[i], first + i));
        }
      }
    }
  }
}

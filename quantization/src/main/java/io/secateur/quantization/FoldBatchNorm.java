package io.secateur.quantization;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.spi.Stage;
import io.secateur.spi.Task;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes batch norms part of the linear and convolution layers that they follow directly. The model
 * computes the same, up to the rounding of float32; masks of scales and shifts become those of rows
 * and biases.
 */
public record FoldBatchNorm() implements Stage {
  @Override
  public String name() {
    return "fold-batch-norm";
  }

  @Override
  public String description() {
    return """
        Makes every batch norm directly behind a linear or convolution layer part of that layer:
        with s = gamma / sqrt(var + epsilon) of a row, its weights become w s and its bias
        beta + (b - mean) s, computed in double. The model predicts the same up to the rounding of
        float32; what is 0 stays 0. Batch norms behind anything else stay. quantize does this first
        by itself.
        Jacob et al., "Quantization and Training of Neural Networks for Efficient
        Integer-Arithmetic-Only Inference", CVPR 2018.""";
  }

  @Override
  public List<String> faults(Architecture architecture, Task task) {
    return FoldedNorms.any(architecture)
        ? List.of()
        : List.of(
            "fold-batch-norm folds batch norms directly behind a linear or convolution layer, and"
                + " the model has none; leave it out");
  }

  @Override
  public Optional<String> refusal(boolean quantized) {
    return quantized
        ? Optional.of(
            "fold-batch-norm multiplies weights, and they were rounded to integers before; leave it"
                + " out: quantize has folded what can be")
        : Optional.empty();
  }

  @Override
  public Map<String, Long> foresee(Architecture architecture, Map<String, Long> before) {
    return Map.of();
  }

  @Override
  public boolean reshapes() {
    return true;
  }

  @Override
  public Checkpoint run(Checkpoint input, Context context) {
    List<String> faults = faults(input.architecture(), context.task());
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(faults.get(0));
    }
    FoldedNorms.Folded folded = FoldedNorms.of(input);
    context.record(new Row("folded-norms", folded.into().size(), "", "", 0, ""));
    context.say(
        "%d batch norms folded: parameters %,d -> %,d"
            .formatted(
                folded.into().size(),
                input.architecture().parameterCount(),
                folded.model().architecture().parameterCount()));
    return folded.model();
  }
}

package io.secateur.builtin;

import io.secateur.model.Checkpoint;
import io.secateur.model.ParameterSpec;
import io.secateur.model.Tensor;
import io.secateur.sparsity.Mask;
import io.secateur.spi.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Zeros and pruned cells: {@code sparsity} counts zeros, {@code pruned} counts mask bits; both per
 * prunable weight and over all of them, and zeros over the whole model too.
 */
public record Sparsity() implements Metric.OfModel {
  @Override
  public String name() {
    return "sparsity";
  }

  @Override
  public String description() {
    return """
        sparsity: zeros / elements in per cent, per prunable weight and over all prunable weights \
        (weights of linear, convolution and embedding layers; no biases, no norms).
        sparsity/model: zeros / elements over every parameter of the model.
        pruned: cells that a mask holds at zero, counted from the masks, not from the values.""";
  }

  @Override
  public List<Quantity> quantities() {
    return List.of(
        new Quantity("sparsity", "%", true, true),
        new Quantity("sparsity/model", "%", true, true),
        new Quantity("pruned", "", true, true));
  }

  @Override
  public List<Value> measure(Checkpoint model) {
    List<Value> values = new ArrayList<>();
    List<Value> layers = new ArrayList<>();
    long zeros = 0;
    long cells = 0;
    long pruned = 0;
    for (ParameterSpec spec : model.architecture().prunable()) {
      Tensor tensor = NonZeros.tensor(model, spec.name());
      long zero = tensor.size() - NonZeros.of(tensor);
      long gone = Optional.ofNullable(model.masks().get(spec.name())).map(Mask::pruned).orElse(0L);
      layers.add(new Value("sparsity", 100.0 * zero / tensor.size(), spec.name()));
      layers.add(new Value("pruned", gone, spec.name()));
      zeros += zero;
      cells += tensor.size();
      pruned += gone;
    }
    long all = model.architecture().parameterCount();
    values.add(new Value("sparsity", 100.0 * zeros / cells));
    values.add(new Value("sparsity/model", 100.0 * (all - NonZeros.of(model)) / all));
    values.add(new Value("pruned", pruned));
    values.addAll(layers);
    return values;
  }
}

package io.secateur.builtin;

import io.secateur.model.Checkpoint;
import io.secateur.spi.Metric;
import java.util.List;

/** Parameters, those that are not zero, and compression: the first over the second. */
public record Parameters() implements Metric.OfModel {
  @Override
  public String name() {
    return "parameters";
  }

  @Override
  public String description() {
    return """
        parameters: numbers in the model, biases included.
        non-zero-parameters: those that are not zero.
        compression: parameters / non-zero-parameters.""";
  }

  @Override
  public List<Quantity> quantities() {
    return List.of(
        new Quantity("parameters", "", false, true),
        new Quantity("non-zero-parameters", "", false, true),
        new Quantity("compression", "x", true, true));
  }

  @Override
  public List<Value> measure(Checkpoint model) {
    long all = model.architecture().parameterCount();
    long nonZero = NonZeros.of(model);
    return List.of(
        new Value("parameters", all),
        new Value("non-zero-parameters", nonZero),
        new Value("compression", (double) all / nonZero));
  }
}

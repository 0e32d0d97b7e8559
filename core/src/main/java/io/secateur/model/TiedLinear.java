package io.secateur.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A fully connected layer without parameters of its own: y = xWᵀ with the table of an embedding, so
 * that it gives a number for each of its ids (Press and Wolf, 2017).
 *
 * @param to the embedding's name
 * @param outputs its vocabulary
 */
public record TiedLinear(String name, String to, int outputs) implements Layer.Parametric {
  public TiedLinear {
    Settings.named(name);
    Settings.atLeast(name, "outputs", outputs, 1);
    if (to.isBlank() || to.equals(name)) {
      throw new IllegalArgumentException(
          "layer %s (tied-linear) needs the name of an embedding in 'to', was '%s'"
              .formatted(name, to));
    }
  }

  @Override
  public Shape output(Shape input) {
    return new Linear(name, outputs, false).output(input);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    return List.of();
  }

  @Override
  public String holder() {
    return to;
  }

  @Override
  public NDArray forward(NDArray input, Function<String, NDArray> parameter, boolean training) {
    return ai.djl.nn.core.Linear.linear(input, parameter.apply("weight")).singletonOrThrow();
  }

  @Override
  public long macs(Shape input) {
    return new Linear(name, outputs, false).macs(input);
  }

  @Override
  public Optional<Layer> narrowed(Shape input, int inputs, int outputs) {
    return Optional.of(this);
  }
}

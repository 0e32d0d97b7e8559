package io.secateur.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A fully connected layer, y = xWᵀ + b: (features) to (outputs), or (positions, features) to
 * (positions, outputs).
 */
public record Linear(String name, int outputs, boolean bias) implements Layer.Parametric {
  public Linear {
    Settings.named(name);
    Settings.atLeast(name, "outputs", outputs, 1);
  }

  /** A layer with a bias. */
  public Linear(String name, int outputs) {
    this(name, outputs, true);
  }

  @Override
  public Shape output(Shape input) {
    return switch (input.dimension()) {
      case 1 -> new Shape(outputs);
      case 2 -> new Shape(input.get(0), outputs);
      default ->
          throw new IllegalArgumentException(
              "layer %s (linear) takes (features) or (positions, features), was given %s; put a"
                      .formatted(name, input)
                  + " flatten before it");
    };
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    output(input);
    long features = input.get(input.dimension() - 1);
    List<ParameterSpec> specs = new ArrayList<>();
    specs.add(
        new ParameterSpec(
            "weight", new Shape(outputs, features), ParameterSpec.Kind.WEIGHT, features, outputs));
    if (bias) {
      specs.add(
          new ParameterSpec(
              "bias", new Shape(outputs), ParameterSpec.Kind.BIAS, features, outputs));
    }
    return specs;
  }

  @Override
  public NDArray forward(NDArray input, Function<String, NDArray> parameter, boolean training) {
    NDArray weight = parameter.apply("weight");
    return bias
        ? ai.djl.nn.core.Linear.linear(input, weight, parameter.apply("bias")).singletonOrThrow()
        : ai.djl.nn.core.Linear.linear(input, weight).singletonOrThrow();
  }

  @Override
  public long macs(Shape input) {
    output(input);
    return Math.multiplyExact(input.size(), (long) outputs);
  }

  @Override
  public Optional<Layer> narrowed(Shape input, int inputs, int outputs) {
    return Optional.of(new Linear(name, outputs, bias));
  }
}

package io.secateur.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Normalises every channel, or feature, over the batch: γ (x − mean) / √(variance + ε) + β. While
 * training by the batch's own mean and variance, which move the running ones; otherwise by those.
 * As torch.nn.BatchNorm1d and 2d, whose names the parameters have.
 *
 * @param epsilon keeps the divisor above 0
 * @param momentum the batch's share in the new running numbers
 */
public record BatchNorm(String name, double epsilon, double momentum) implements Layer.Parametric {
  public BatchNorm {
    Settings.named(name);
    Settings.epsilon(name, epsilon);
    if (!(momentum > 0 && momentum <= 1)) {
      throw new IllegalArgumentException(
          "layer %s: momentum must be above 0 and at most 1, was %s".formatted(name, momentum));
    }
  }

  /** PyTorch's defaults: ε = 1e-5, momentum 0.1. */
  public BatchNorm(String name) {
    this(name, 1e-5, 0.1);
  }

  @Override
  public Shape output(Shape input) {
    if (input.dimension() != 1 && input.dimension() != 3) {
      throw new IllegalArgumentException(
          "layer %s (batch-norm) takes (features) or (channels, height, width), was given %s"
              .formatted(name, input));
    }
    return input;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    long channels = output(input).get(0);
    Shape shape = new Shape(channels);
    return List.of(
        new ParameterSpec("weight", shape, ParameterSpec.Kind.GAMMA, channels, channels),
        new ParameterSpec("bias", shape, ParameterSpec.Kind.BETA, channels, channels),
        new ParameterSpec("running_mean", shape, ParameterSpec.Kind.STATISTIC, channels, channels),
        new ParameterSpec("running_var", shape, ParameterSpec.Kind.STATISTIC, channels, channels));
  }

  @Override
  public NDArray forward(NDArray input, Function<String, NDArray> parameter, boolean training) {
    return ai.djl.nn.norm.BatchNorm.batchNorm(
            input,
            parameter.apply("running_mean"),
            parameter.apply("running_var"),
            parameter.apply("weight"),
            parameter.apply("bias"),
            1,
            // DJL's is the share of the old numbers.
            (float) (1 - momentum),
            (float) epsilon,
            training)
        .singletonOrThrow();
  }

  /** None: it is folded into what comes before it when a model is deployed. */
  @Override
  public long macs(Shape input) {
    return 0;
  }

  @Override
  public Spread spread() {
    return Spread.SAME;
  }

  @Override
  public Optional<Layer> narrowed(Shape input, int inputs, int outputs) {
    return Optional.of(this);
  }
}

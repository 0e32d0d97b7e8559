package io.secateur.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Divides the features of every position by their root mean square: γ x / √(mean(x²) + ε) (Zhang
 * and Sennrich, 2019), as torch.nn.RMSNorm.
 *
 * @param epsilon keeps the divisor above 0
 * @param width over how many features the mean is taken: those that the input lacks count as 0, so
 *     that a model that features were removed from computes what it did while they were 0; 0 for as
 *     many as the input has
 */
public record RmsNorm(String name, double epsilon, int width) implements Layer.Parametric {
  public RmsNorm {
    Settings.named(name);
    Settings.epsilon(name, epsilon);
    Settings.atLeast(name, "width", width, 0);
  }

  /** ε = 1e-5. */
  public RmsNorm(String name) {
    this(name, 1e-5, 0);
  }

  @Override
  public Shape output(Shape input) {
    Settings.features(name, "rms-norm", input, width);
    return input;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    long features = output(input).get(input.dimension() - 1);
    return List.of(
        new ParameterSpec(
            "weight", new Shape(features), ParameterSpec.Kind.GAMMA, features, features));
  }

  @Override
  public NDArray forward(NDArray input, Function<String, NDArray> parameter, boolean training) {
    int axis = input.getShape().dimension() - 1;
    long features = width == 0 ? input.getShape().get(axis) : width;
    NDArray gamma = parameter.apply("weight");
    return Between.closing(
        () -> {
          NDArray count = Between.constant(input.getManager(), new Shape(1), (float) features);
          NDArray mean = input.square().sum(new int[] {axis}, true).div(count);
          return input.div(mean.add((float) epsilon).sqrt()).mul(gamma);
        });
  }

  /** None: next to those of the layers around it they are few, and no weight takes part. */
  @Override
  public long macs(Shape input) {
    return 0;
  }

  @Override
  public Spread spread() {
    return Spread.MIXED;
  }

  @Override
  public Optional<Layer> narrowed(Shape input, int inputs, int outputs) {
    int features = Math.toIntExact(input.get(input.dimension() - 1));
    return Optional.of(new RmsNorm(name, epsilon, width == 0 ? features : width));
  }
}

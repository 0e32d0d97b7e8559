package io.secateur.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Normalises the features of every position: γ (x − mean) / √(variance + ε) + β, mean and variance
 * over the features (Ba et al., 2016), as torch.nn.LayerNorm.
 *
 * @param epsilon keeps the divisor above 0
 * @param width over how many features mean and variance are taken: those that the input lacks count
 *     as 0, so that a model that features were removed from computes what it did while they were 0;
 *     0 for as many as the input has
 */
public record LayerNorm(String name, double epsilon, int width) implements Layer.Parametric {
  public LayerNorm {
    Settings.named(name);
    Settings.epsilon(name, epsilon);
    Settings.atLeast(name, "width", width, 0);
  }

  /** PyTorch's default: ε = 1e-5. */
  public LayerNorm(String name) {
    this(name, 1e-5, 0);
  }

  @Override
  public Shape output(Shape input) {
    Settings.features(name, "layer-norm", input, width);
    return input;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    long features = output(input).get(input.dimension() - 1);
    Shape shape = new Shape(features);
    return List.of(
        new ParameterSpec("weight", shape, ParameterSpec.Kind.GAMMA, features, features),
        new ParameterSpec("bias", shape, ParameterSpec.Kind.BETA, features, features));
  }

  @Override
  public NDArray forward(NDArray input, Function<String, NDArray> parameter, boolean training) {
    NDArray gamma = parameter.apply("weight");
    NDArray beta = parameter.apply("bias");
    int axis = input.getShape().dimension() - 1;
    long features = input.getShape().get(axis);
    if (width == 0 || width == features) {
      return ai.djl.nn.norm.LayerNorm.layerNorm(
              input, new Shape(features), gamma, beta, (float) epsilon)
          .singletonOrThrow();
    }
    return Between.closing(
        () -> {
          NDArray count = Between.constant(input.getManager(), new Shape(1), width);
          NDArray lacking =
              Between.constant(input.getManager(), new Shape(1), (float) (width - features));
          NDArray mean = input.sum(new int[] {axis}, true).div(count);
          NDArray centred = input.sub(mean);
          NDArray absent = mean.square().mul(lacking);
          NDArray variance = centred.square().sum(new int[] {axis}, true).add(absent).div(count);
          return centred.div(variance.add((float) epsilon).sqrt()).mul(gamma).add(beta);
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
    return Optional.of(new LayerNorm(name, epsilon, width == 0 ? features : width));
  }
}

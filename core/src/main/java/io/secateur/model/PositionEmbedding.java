package io.secateur.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Adds to every position numbers of its own, which are learned: (positions, features) to the same.
 *
 * @param positions rows of the table; those behind the input's are not used; 0 for as many as the
 *     input has
 */
public record PositionEmbedding(String name, int positions) implements Layer.Parametric {
  public PositionEmbedding {
    Settings.named(name);
    Settings.atLeast(name, "positions", positions, 0);
  }

  /** As many as the input has. */
  public PositionEmbedding(String name) {
    this(name, 0);
  }

  @Override
  public Shape output(Shape input) {
    Settings.sequence(name, "position-embedding", input);
    if (positions > 0 && input.get(0) > positions) {
      throw new IllegalArgumentException(
          "layer %s (position-embedding) has %d positions, was given %s"
              .formatted(name, positions, input));
    }
    return input;
  }

  private long rows(Shape input) {
    return positions == 0 ? output(input).get(0) : positions;
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    output(input);
    Shape shape = new Shape(rows(input), input.get(1));
    return List.of(
        new ParameterSpec(
            "weight", shape, ParameterSpec.Kind.EMBEDDING, shape.get(0), shape.get(1)));
  }

  @Override
  public NDArray forward(NDArray input, Function<String, NDArray> parameter, boolean training) {
    NDArray weight = parameter.apply("weight");
    long length = input.getShape().get(1);
    if (weight.getShape().get(0) == length) {
      return input.add(weight);
    }
    try (NDArray rows = weight.get("0:" + length)) {
      return input.add(rows);
    }
  }

  /** None: numbers are added. */
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

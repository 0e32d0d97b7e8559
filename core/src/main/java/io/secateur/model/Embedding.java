package io.secateur.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A table with a row of numbers per id: (positions) of int64 ids to (positions, width), as
 * torch.nn.Embedding. Where it is the first layer, positions that hold the padding are left out by
 * the layers that look at several positions: attention and means.
 *
 * @param vocabulary how many ids there are, from 0
 * @param width numbers per id
 * @param padding what positions behind the end of a text hold: an id, or -1, which is none
 */
public record Embedding(String name, int vocabulary, int width, int padding)
    implements Layer.Parametric {
  public Embedding {
    Settings.named(name);
    Settings.atLeast(name, "vocabulary", vocabulary, 1);
    Settings.atLeast(name, "width", width, 1);
    if (padding < -1 || padding >= vocabulary) {
      throw new IllegalArgumentException(
          "layer %s: padding must be one of the %d ids, or -1, which is none, was %d"
              .formatted(name, vocabulary, padding));
    }
  }

  /** Padding is -1. */
  public Embedding(String name, int vocabulary, int width) {
    this(name, vocabulary, width, -1);
  }

  @Override
  public Shape output(Shape input) {
    if (input.dimension() != 1) {
      throw new IllegalArgumentException(
          "layer %s (embedding) takes a row of ids (positions), was given %s"
              .formatted(name, input));
    }
    return new Shape(input.get(0), width);
  }

  @Override
  public List<ParameterSpec> parameters(Shape input) {
    output(input);
    return List.of(
        new ParameterSpec(
            "weight",
            new Shape(vocabulary, width),
            ParameterSpec.Kind.EMBEDDING,
            vocabulary,
            width));
  }

  @Override
  public NDArray forward(NDArray input, Function<String, NDArray> parameter, boolean training) {
    NDArray weight = parameter.apply("weight");
    if (input.getDataType() == DataType.INT64) {
      // Something must be looked up for padding that is no id; nothing behind looks at it.
      try (NDArray ids = input.maximum(0)) {
        return ai.djl.nn.core.Embedding.embedding(ids, weight, SparseFormat.DENSE)
            .singletonOrThrow();
      }
    }
    throw new IllegalArgumentException(
        "layer %s (embedding) takes int64 ids, was given %s".formatted(name, input.getDataType()));
  }

  /** None: rows are looked up. */
  @Override
  public long macs(Shape input) {
    return 0;
  }

  @Override
  public Optional<Layer> narrowed(Shape input, int inputs, int outputs) {
    return Optional.of(new Embedding(name, vocabulary, outputs, padding));
  }
}

package io.secateur.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * What several branches make of the same input, one behind the other: along the channels of images,
 * or the features of vectors.
 *
 * @param branches at least two; an empty one is the input itself
 */
public record Concat(String name, List<List<Layer>> branches) implements Layer.Branching {
  public Concat {
    Settings.named(name);
    branches = branches.stream().map(List::copyOf).toList();
    if (branches.size() < 2) {
      throw new IllegalArgumentException(
          "layer %s: a concat needs at least 2 branches, was given %d"
              .formatted(name, branches.size()));
    }
  }

  @Override
  public Shape joined(List<Shape> ends) {
    Shape first = ends.get(0);
    long channels = 0;
    for (Shape end : ends) {
      if (end.dimension() != first.dimension() || !end.slice(1).equals(first.slice(1))) {
        throw new IllegalArgumentException(
            "layer %s (concat): branches give %s and %s, which differ in more than channels"
                .formatted(name, first, end));
      }
      channels = Math.addExact(channels, end.get(0));
    }
    return new Shape(channels).addAll(first.slice(1));
  }

  @Override
  public NDArray join(List<NDArray> ends) {
    return NDArrays.concat(new NDList(ends), 1);
  }

  @Override
  public Joint joint() {
    return Joint.ROW;
  }

  @Override
  public Concat with(List<List<Layer>> other) {
    return new Concat(name, other);
  }
}

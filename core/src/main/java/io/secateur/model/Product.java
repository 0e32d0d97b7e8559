package io.secateur.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * What several branches make of the same input, multiplied one by one: gated units (Shazeer, 2020).
 *
 * @param branches at least two; an empty one is the input itself
 */
public record Product(String name, List<List<Layer>> branches) implements Layer.Branching {
  public Product {
    Settings.named(name);
    branches = branches.stream().map(List::copyOf).toList();
    if (branches.size() < 2) {
      throw new IllegalArgumentException(
          "layer %s: a product needs at least 2 branches, was given %d"
              .formatted(name, branches.size()));
    }
  }

  @Override
  public Shape joined(List<Shape> ends) {
    for (Shape end : ends) {
      if (!end.equals(ends.get(0))) {
        throw new IllegalArgumentException(
            "layer %s (product): branches give %s and %s, which cannot be multiplied"
                .formatted(name, ends.get(0), end));
      }
    }
    return ends.get(0);
  }

  @Override
  public NDArray join(List<NDArray> ends) {
    NDArray product = ends.get(0).mul(ends.get(1));
    for (NDArray end : ends.subList(2, ends.size())) {
      NDArray next = product.mul(end);
      product.close();
      product = next;
    }
    return product;
  }

  @Override
  public Joint joint() {
    return Joint.PRODUCT;
  }

  @Override
  public Product with(List<List<Layer>> other) {
    return new Product(name, other);
  }
}

package io.secateur.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.List;

/**
 * What a body of layers makes of the input, plus the input (He et al., 2016).
 *
 * @param shortcut layers on the other way, where the body changes the shape; none for the input
 *     itself
 */
public record Residual(String name, List<Layer> body, List<Layer> shortcut)
    implements Layer.Branching {
  public Residual {
    Settings.named(name);
    body = List.copyOf(body);
    shortcut = List.copyOf(shortcut);
    if (body.isEmpty()) {
      throw new IllegalArgumentException("layer %s: a residual needs a body".formatted(name));
    }
  }

  @Override
  public List<List<Layer>> branches() {
    return List.of(body, shortcut);
  }

  @Override
  public Shape joined(List<Shape> ends) {
    if (!ends.get(0).equals(ends.get(1))) {
      throw new IllegalArgumentException(
          "layer %s (residual): the body gives %s, the shortcut %s, which cannot be added"
              .formatted(name, ends.get(0), ends.get(1)));
    }
    return ends.get(0);
  }

  @Override
  public NDArray join(List<NDArray> ends) {
    return ends.get(0).add(ends.get(1));
  }

  @Override
  public Joint joint() {
    return Joint.SUM;
  }

  @Override
  public Residual with(List<List<Layer>> branches) {
    return new Residual(name, branches.get(0), branches.get(1));
  }
}

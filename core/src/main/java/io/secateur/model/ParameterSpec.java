package io.secateur.model;

import ai.djl.ndarray.types.Shape;
import io.secateur.sparsity.Form;

/**
 * A parameter that an architecture asks for.
 *
 * @param name as in PyTorch's state dict: {@code conv1.weight}; inside a layer only the last part
 * @param shape as in PyTorch: linear (out, in), convolution (out, in / groups, height, width)
 * @param kind what it is; weights and embeddings are prunable unless excluded, others only when
 *     named
 * @param fanIn inputs that one output sums over, for initialisation
 * @param fanOut outputs that one input reaches, for initialisation
 */
public record ParameterSpec(String name, Shape shape, Kind kind, long fanIn, long fanOut) {
  /** The roles of a parameter. */
  public enum Kind {
    /** Linear and convolution weights. */
    WEIGHT,
    /** A table whose rows are looked up by number; its columns are the units that it makes. */
    EMBEDDING,
    /** Added per output unit. */
    BIAS,
    /** Scale of a normalisation. */
    GAMMA,
    /** Shift of a normalisation. */
    BETA,
    /** Running statistics: kept with the model, not trained by gradients. */
    STATISTIC
  }

  /** Returns how it reads as a matrix. */
  public Form form() {
    return Form.of(shape.getShape());
  }

  /** Returns whether it is pruned by default. */
  public boolean prunable() {
    return kind == Kind.WEIGHT || kind == Kind.EMBEDDING;
  }

  /** Returns whether gradients train it. */
  public boolean trainable() {
    return kind != Kind.STATISTIC;
  }
}

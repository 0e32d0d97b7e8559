package io.secateur.sparsity;

import java.util.Optional;

/** What is removed as one: the unit. */
public sealed interface Granularity {

  /** Single weights: unstructured pruning. */
  record Element() implements Granularity {}

  /** A rectangle of the matrix; those at the lower and right edge may be smaller. */
  record Block(int height, int width) implements Granularity {
    public Block {
      if (height < 1 || width < 1) {
        throw new IllegalArgumentException(
            "a block's sides must be at least 1, were %d x %d".formatted(height, width));
      }
    }
  }

  /** All cells that share one index along one axis of a single tensor, as PyTorch's {@code dim}. */
  record Slice(Axis axis) implements Granularity {
    @Override
    public Optional<Axis> sliced() {
      return Optional.of(axis);
    }
  }

  /**
   * Output units: the channels, filters or features that a layer gives.
   *
   * @param coupled whether a unit goes from the whole model, with its bias, scale and shift, with
   *     what meets it in the layers behind, and with the units of other layers that are added to
   *     it; or from the weight alone, as {@code Slice} along outputs
   */
  record OutputUnits(boolean coupled) implements Granularity {
    /** Coupled. */
    public OutputUnits() {
      this(true);
    }

    @Override
    public Optional<Axis> sliced() {
      return Optional.of(Axis.OUTPUT);
    }
  }

  /**
   * Input units: the channels or features that a layer takes.
   *
   * @param coupled whether a unit goes from the whole model, as of {@code OutputUnits}, but judged
   *     by the columns of the weights that take it; or from the weight alone, as {@code Slice}
   *     along inputs
   */
  record InputUnits(boolean coupled) implements Granularity {
    /** Coupled. */
    public InputUnits() {
      this(true);
    }

    @Override
    public Optional<Axis> sliced() {
      return Optional.of(Axis.INPUT);
    }
  }

  /**
   * Heads of attentions, always coupled: a head of keys and values, with all heads of queries that
   * look at it, goes from their weights and from the one that takes the heads.
   */
  record Heads() implements Granularity {
    @Override
    public Optional<Axis> sliced() {
      return Optional.of(Axis.OUTPUT);
    }

    @Override
    public boolean coupled() {
      return true;
    }
  }

  /** Returns the axis whose every index is a unit; nothing when units are not slices. */
  default Optional<Axis> sliced() {
    return Optional.empty();
  }

  /** Returns whether a unit may own cells in several weights. */
  default boolean coupled() {
    return false;
  }

  /** The axes of a weight, in the order of its dimensions. */
  enum Axis {
    /** Output units: rows of the matrix, filters of a convolution. */
    OUTPUT,
    /** Input units: a column of the matrix and its kernel cells. */
    INPUT,
    /** Rows of the kernel. */
    KERNEL_ROW,
    /** Columns of the kernel. */
    KERNEL_COLUMN
  }
}

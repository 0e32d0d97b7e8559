package io.secateur.sparsity;

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
  record Slice(Axis axis) implements Granularity {}

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

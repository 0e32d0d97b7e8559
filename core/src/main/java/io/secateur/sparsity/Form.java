package io.secateur.sparsity;

/**
 * How a weight reads as a matrix: a row per output unit, a column per input unit and kernel cell.
 * The flat index of a cell is {@code row * columns() + column}, which is the tensor's own row-major
 * order.
 *
 * @param rows output units: linear out-features, convolution filters, embedding entries
 * @param inputs input units per row (for a grouped convolution, those of one group)
 * @param kernelHeight kernel cells down, 1 for a linear layer
 * @param kernelWidth kernel cells across, 1 for a linear layer
 */
public record Form(long rows, long inputs, int kernelHeight, int kernelWidth) {
  public Form {
    if (rows < 1 || inputs < 1 || kernelHeight < 1 || kernelWidth < 1) {
      throw new IllegalArgumentException(
          "a form's sides must be at least 1, were %d x %d x %d x %d"
              .formatted(rows, inputs, kernelHeight, kernelWidth));
    }
    try {
      Math.multiplyExact(
          rows, Math.multiplyExact(inputs, Math.multiplyExact((long) kernelHeight, kernelWidth)));
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          "a form holds at most 2^63 - 1 cells, %d x %d x %d x %d were asked for"
              .formatted(rows, inputs, kernelHeight, kernelWidth),
          e);
    }
  }

  /** Returns the form of a matrix: a linear layer's weight. */
  public static Form matrix(long rows, long columns) {
    return new Form(rows, columns, 1, 1);
  }

  /** Returns the form of a tensor of 1 to 4 dimensions: a vector reads as one column. */
  public static Form of(long... shape) {
    return switch (shape.length) {
      case 1 -> new Form(shape[0], 1, 1, 1);
      case 2 -> new Form(shape[0], shape[1], 1, 1);
      case 3 -> new Form(shape[0], shape[1], 1, Math.toIntExact(shape[2]));
      case 4 -> new Form(shape[0], shape[1], Math.toIntExact(shape[2]), Math.toIntExact(shape[3]));
      default ->
          throw new IllegalArgumentException(
              "a weight has 1 to 4 dimensions, this one has " + shape.length);
    };
  }

  /**
   * Returns kernel cells per input unit: 1 for a linear layer, height × width for a convolution.
   */
  public long kernel() {
    return (long) kernelHeight * kernelWidth;
  }

  /** Returns the number of columns: inputs × kernel cells. */
  public long columns() {
    return inputs * kernel();
  }

  /** Returns the number of cells. */
  public long size() {
    return rows * columns();
  }
}

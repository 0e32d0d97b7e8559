package io.secateur.model;

import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * The grid that a parameter's numbers lie on: integer × scale, computed in double and rounded once
 * to float32. The zero of the integers is the zero of the numbers, so that what is pruned stays so.
 *
 * @param scales float32, above 0: of shape (1) for the whole parameter, or (rows), one for each
 *     step along its first axis, as for output channels
 * @param largest of the integers' magnitudes: 127 for 8 bits, 63 for 7; more for int32
 */
public record Grid(Tensor scales, int largest) {
  public Grid {
    if (scales.type() != DataType.FLOAT32 || scales.shape().dimension() != 1) {
      throw new IllegalArgumentException(
          "scales are float32 of shape (1) or (rows), were " + scales);
    }
    if (largest < 1) {
      throw new IllegalArgumentException("the largest integer is at least 1, was " + largest);
    }
    Cells.all(
        scales,
        (row, scale) -> {
          if (!(scale > 0 && Float.isFinite(scale))) {
            throw new IllegalArgumentException(
                "a scale is above 0 and finite, that of row %d was %s".formatted(row, scale));
          }
        });
  }

  /** Returns whether there is a scale for each row, not one for all. */
  public boolean perRow() {
    return scales.size() > 1;
  }

  /** Returns what the integers are kept as: int8 where they fit, else int32. */
  public DataType type() {
    return largest <= Byte.MAX_VALUE ? DataType.INT8 : DataType.INT32;
  }

  /** Returns the number that an integer stands for. */
  public static float number(long integer, float scale) {
    // No negative zero.
    return integer == 0 ? 0f : (float) (integer * (double) scale);
  }

  /** Returns the integer nearest to a number, ties to even, none beyond the largest. */
  public static long nearest(float number, float scale, int largest) {
    double integer = Math.rint(number / (double) scale);
    return (long) Math.max(-largest, Math.min(largest, integer));
  }

  /**
   * Returns a parameter's numbers rounded to this grid.
   *
   * @throws IllegalArgumentException when there are other rows than scales
   */
  public Tensor rounded(Tensor numbers) {
    TensorWriter writer = new TensorWriter(DataType.FLOAT32, numbers.shape());
    walk(numbers, (cell, integer, scale) -> writer.put(number(integer, scale)));
    return writer.tensor();
  }

  /** Returns the integers nearest to a parameter's numbers: int8 or int32, in its shape. */
  public Tensor integers(Tensor numbers) {
    TensorWriter writer = new TensorWriter(type(), numbers.shape());
    boolean narrow = type() == DataType.INT8;
    walk(
        numbers,
        (cell, integer, scale) -> {
          if (narrow) {
            writer.put((byte) integer);
          } else {
            writer.put((int) integer);
          }
        });
    return writer.tensor();
  }

  /**
   * Returns the numbers that integers stand for, as float32.
   *
   * @param integers int8 or int32, as {@link #type} says
   */
  public Tensor numbers(Tensor integers) {
    if (integers.type() != type()) {
      throw new IllegalArgumentException(
          "integers of at most %d are %s, were %s"
              .formatted(largest, Tensor.name(type()), integers));
    }
    TensorWriter writer = new TensorWriter(DataType.FLOAT32, integers.shape());
    float[] scale = perCell(integers.shape());
    long columns = integers.size() / scale.length;
    for (long cell = 0; cell < integers.size(); cell++) {
      long integer = type() == DataType.INT8 ? integers.byteAt(cell) : integers.intAt(cell);
      if (Math.abs(integer) > largest) {
        throw new IllegalArgumentException(
            "integers reach to %d, cell %d holds %d".formatted(largest, cell, integer));
      }
      writer.put(number(integer, scale[(int) (cell / columns)]));
    }
    return writer.tensor();
  }

  /** Refuses numbers that do not lie on this grid, naming the first that does not. */
  void check(String parameter, Tensor numbers) {
    float[] all = scales.toFloats();
    long columns = columns(numbers.shape(), all.length);
    Cells.all(
        numbers,
        (cell, value) -> {
          float scale = all[(int) (cell / columns)];
          if (number(nearest(value, scale, largest), scale) != value) {
            throw new IllegalArgumentException(
                ("parameter %s is quantized, and cell %d holds %s, which is no multiple of %s up to"
                        + " %d; what moves weights comes before quantize, or quantizes them again")
                    .formatted(parameter, cell, value, scale, largest));
          }
        });
  }

  private interface Visitor {
    void cell(long cell, long integer, float scale);
  }

  private void walk(Tensor numbers, Visitor visitor) {
    float[] all = scales.toFloats();
    long columns = columns(numbers.shape(), all.length);
    Cells.all(
        numbers,
        (cell, value) -> {
          float scale = all[(int) (cell / columns)];
          visitor.cell(cell, nearest(value, scale, largest), scale);
        });
  }

  private float[] perCell(Shape shape) {
    float[] all = scales.toFloats();
    columns(shape, all.length);
    return all;
  }

  private static long columns(Shape shape, int scales) {
    if (scales != 1 && (shape.dimension() == 0 || shape.get(0) != scales)) {
      throw new IllegalArgumentException(
          "a parameter of shape %s has 1 scale or one for each row, was given %d"
              .formatted(shape, scales));
    }
    return Math.max(1, shape.size() / scales);
  }
}

package io.secateur.quantization.sparse;

import io.secateur.model.Tensor;
import java.util.Arrays;

/**
 * A matrix in compressed sparse rows: its values other than 0 row by row, the column of each, and
 * where every row begins. Products take one thread; each output is summed in the order of the
 * columns, in four sums for a single vector.
 */
public final class CsrMatrix {
  private final int columns;
  private final int[] starts;
  private final int[] column;
  private final float[] values;

  private CsrMatrix(int columns, int[] starts, int[] column, float[] values) {
    this.columns = columns;
    this.starts = starts;
    this.column = column;
    this.values = values;
  }

  /**
   * Compresses a matrix.
   *
   * @param matrix float32 of shape (rows, columns), of less than 2³¹ values
   * @throws IllegalArgumentException when it is no matrix
   */
  public static CsrMatrix of(Tensor matrix) {
    if (matrix.shape().dimension() != 2) {
      throw new IllegalArgumentException(
          "a matrix has the shape (rows, columns), was given " + matrix.shape());
    }
    int rows = Math.toIntExact(matrix.shape().get(0));
    int columns = Math.toIntExact(matrix.shape().get(1));
    float[] all = matrix.toFloats();
    int kept = 0;
    for (float value : all) {
      kept += value != 0 ? 1 : 0;
    }
    int[] starts = new int[rows + 1];
    int[] column = new int[kept];
    float[] values = new float[kept];
    int next = 0;
    for (int row = 0; row < rows; row++) {
      for (int i = 0; i < columns; i++) {
        float value = all[row * columns + i];
        if (value != 0) {
          column[next] = i;
          values[next++] = value;
        }
      }
      starts[row + 1] = next;
    }
    return new CsrMatrix(columns, starts, column, values);
  }

  /** Returns how many rows there are. */
  public int rows() {
    return starts.length - 1;
  }

  /** Returns how many columns there are. */
  public int columns() {
    return columns;
  }

  /** Returns how many values are not 0. */
  public int nonZeros() {
    return values.length;
  }

  /**
   * Multiplies by several vectors at once.
   *
   * @param inputs of shape (columns, batch), so that one column's numbers of all vectors lie side
   *     by side
   * @param outputs of shape (rows, batch), overwritten
   */
  public void multiply(float[] inputs, int batch, float[] outputs) {
    if (batch < 1
        || inputs.length != (long) columns * batch
        || outputs.length != (long) rows() * batch) {
      throw new IllegalArgumentException(
          "%d rows and %d columns times %d vectors take %d numbers and give %d, were given arrays of %d and %d"
              .formatted(
                  rows(),
                  columns,
                  batch,
                  (long) columns * batch,
                  (long) rows() * batch,
                  inputs.length,
                  outputs.length));
    }
    if (batch == 1) {
      for (int row = 0; row < rows(); row++) {
        outputs[row] = dot(row, inputs);
      }
      return;
    }
    float[] sums = new float[batch];
    for (int row = 0; row < rows(); row++) {
      Arrays.fill(sums, 0);
      int at = starts[row];
      for (; at + 3 < starts[row + 1]; at += 4) {
        addFour(at, inputs, batch, sums);
      }
      for (; at < starts[row + 1]; at++) {
        add(values[at], inputs, column[at] * batch, batch, sums);
      }
      System.arraycopy(sums, 0, outputs, row * batch, batch);
    }
  }

  /** Four sums, so that no addition waits for the one before it. */
  private float dot(int row, float[] input) {
    float first = 0;
    float second = 0;
    float third = 0;
    float fourth = 0;
    int at = starts[row];
    int end = starts[row + 1];
    for (; at + 3 < end; at += 4) {
      first += values[at] * input[column[at]];
      second += values[at + 1] * input[column[at + 1]];
      third += values[at + 2] * input[column[at + 2]];
      fourth += values[at + 3] * input[column[at + 3]];
    }
    for (; at < end; at++) {
      first += values[at] * input[column[at]];
    }
    return first + second + (third + fourth);
  }

  /** Four columns at a time read and write the sums a quarter as often. */
  private void addFour(int at, float[] inputs, int batch, float[] sums) {
    float a = values[at];
    float b = values[at + 1];
    float c = values[at + 2];
    float d = values[at + 3];
    int ofA = column[at] * batch;
    int ofB = column[at + 1] * batch;
    int ofC = column[at + 2] * batch;
    int ofD = column[at + 3] * batch;
    for (int i = 0; i < batch; i++) {
      sums[i] +=
          a * inputs[ofA + i] + b * inputs[ofB + i] + (c * inputs[ofC + i] + d * inputs[ofD + i]);
    }
  }

  private static void add(float value, float[] inputs, int from, int batch, float[] sums) {
    for (int i = 0; i < batch; i++) {
      sums[i] += value * inputs[from + i];
    }
  }
}

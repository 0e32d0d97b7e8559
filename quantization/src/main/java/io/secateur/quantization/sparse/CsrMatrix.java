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
   * Multiplies by one vector.
   *
   * @param input of as many numbers as there are columns
   * @param output of as many as there are rows, overwritten
   */
  public void multiply(float[] input, float[] output) {
    check(input.length, output.length);
    for (int row = 0; row < rows(); row++) {
      output[row] = dot(row, input);
    }
  }

  /**
   * Multiplies by several vectors at once. An array for each feature, in which the vectors' numbers
   * lie side by side: over arrays from their beginning the JVM uses vector instructions.
   *
   * @param inputs by column, each of one number per vector
   * @param outputs by row, each as long, overwritten
   */
  public void multiply(float[][] inputs, float[][] outputs) {
    check(inputs.length, outputs.length);
    for (int row = 0; row < rows(); row++) {
      float[] sums = outputs[row];
      Arrays.fill(sums, 0);
      int at = starts[row];
      for (; at + 3 < starts[row + 1]; at += 4) {
        addFour(at, inputs, sums);
      }
      for (; at < starts[row + 1]; at++) {
        add(values[at], inputs[column[at]], sums);
      }
    }
  }

  private void check(int inputs, int outputs) {
    if (inputs != columns || outputs != rows()) {
      throw new IllegalArgumentException(
          "a matrix of %d rows and %d columns takes %d inputs and gives %d outputs, was given %d and %d"
              .formatted(rows(), columns, columns, rows(), inputs, outputs));
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
  private void addFour(int at, float[][] inputs, float[] sums) {
    float a = values[at];
    float b = values[at + 1];
    float c = values[at + 2];
    float d = values[at + 3];
    float[] first = inputs[column[at]];
    float[] second = inputs[column[at + 1]];
    float[] third = inputs[column[at + 2]];
    float[] fourth = inputs[column[at + 3]];
    for (int i = 0; i < sums.length; i++) {
      sums[i] += a * first[i] + b * second[i] + (c * third[i] + d * fourth[i]);
    }
  }

  private static void add(float value, float[] input, float[] sums) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] += value * input[i];
    }
  }
}

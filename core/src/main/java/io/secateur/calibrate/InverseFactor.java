package io.secateur.calibrate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;

/**
 * The Cholesky factor of the inverse of a symmetric positive definite matrix, from the matrix
 * alone: A = R Rᵀ with R upper triangular, found from the last column on, gives U = R⁻¹, which is
 * upper triangular with Uᵀ U = A⁻¹. Neither the inverse nor a second factorisation is needed.
 *
 * <p>The engine has no Cholesky. Here a matrix is halved until its parts are small enough for plain
 * Java; all else are matrix products of the engine, in float64. A matrix of n columns takes about
 * 4/3 n³ operations, and memory for three of its size, itself included.
 */
public final class InverseFactor {
  /** Columns that plain Java factors. */
  private static final int LEAF = 64;

  private final NDArray matrix;
  private final NDArray factor;
  private final double[] diagonal;

  private InverseFactor(NDArray matrix) {
    this.matrix = matrix;
    this.factor = matrix.getManager().zeros(matrix.getShape(), DataType.FLOAT64);
    this.diagonal = diagonal(matrix);
  }

  /**
   * Returns U.
   *
   * @param matrix float64; overwritten
   * @throws IllegalArgumentException when the matrix is not positive definite to within rounding;
   *     names the column
   */
  public static NDArray of(NDArray matrix) {
    InverseFactor inverse = new InverseFactor(matrix);
    inverse.factor(0, inverse.diagonal.length);
    return inverse.factor;
  }

  /** Returns a matrix's diagonal. */
  public static double[] diagonal(NDArray matrix) {
    try (NDArray diagonal = matrix.diagonal()) {
      return numbers(diagonal);
    }
  }

  /** Reads a part of a matrix; the engine would leave the copy in order that it makes for that. */
  public static double[] numbers(NDArray part) {
    try (NDArray inOrder = part.duplicate()) {
      return inOrder.toDoubleArray();
    }
  }

  private void factor(int first, int end) {
    int size = end - first;
    if (size <= LEAF) {
      leaf(first, end);
      return;
    }
    // A multiple of LEAF, so that the leaves are as large as they may be.
    int middle = first + (size / 2 + LEAF - 1) / LEAF * LEAF;
    factor(middle, end);
    try (NDArray ownBehind = part(factor, middle, end, middle, end);
        NDArray turned = ownBehind.transpose();
        NDArray beside = part(matrix, first, middle, middle, end);
        NDArray across = beside.matMul(turned);
        NDArray acrossTurned = across.transpose()) {
      try (NDArray part = part(matrix, first, middle, first, middle);
          NDArray known = across.matMul(acrossTurned);
          NDArray left = part.sub(known)) {
        matrix.set(index(first, middle, first, middle), left);
      }
      factor(first, middle);
      try (NDArray own = part(factor, first, middle, first, middle);
          NDArray right = across.matMul(ownBehind);
          NDArray product = own.matMul(right);
          NDArray negative = product.neg()) {
        factor.set(index(first, middle, middle, end), negative);
      }
    }
  }

  private static NDIndex index(int row, int endRow, int column, int endColumn) {
    return new NDIndex().addSliceDim(row, endRow).addSliceDim(column, endColumn);
  }

  private static NDArray part(NDArray of, int row, int endRow, int column, int endColumn) {
    return of.get(index(row, endRow, column, endColumn));
  }

  private void leaf(int first, int end) {
    int size = end - first;
    double[] upper;
    try (NDArray part = part(matrix, first, end, first, end)) {
      upper = numbers(part);
    }
    double[] inverse = inverted(factored(upper, size, first), size);
    NDManager manager = factor.getManager();
    try (NDArray own = manager.create(inverse, new Shape(size, size))) {
      factor.set(index(first, end, first, end), own);
    }
  }

  /** Turns a matrix into R, from the last column on; below the diagonal stays what was there. */
  private double[] factored(double[] a, int size, int first) {
    for (int j = size - 1; j >= 0; j--) {
      double pivot = a[j * size + j] - dot(a, j, j, j + 1, size);
      // What is left of a number that rounding has used up says nothing any more.
      if (!(pivot > diagonal.length * Math.ulp(1.0) * diagonal[first + j])) {
        throw new IllegalArgumentException(
            "not positive definite: pivot %.3g at column %d of %d"
                .formatted(pivot, first + j, diagonal.length));
      }
      double root = Math.sqrt(pivot);
      a[j * size + j] = root;
      for (int i = 0; i < j; i++) {
        a[i * size + j] = (a[i * size + j] - dot(a, i, j, j + 1, size)) / root;
      }
    }
    return a;
  }

  private static double dot(double[] a, int row, int other, int from, int size) {
    double sum = 0;
    for (int k = from; k < size; k++) {
      sum += a[row * size + k] * a[other * size + k];
    }
    return sum;
  }

  private static double[] inverted(double[] r, int size) {
    double[] u = new double[size * size];
    for (int j = 0; j < size; j++) {
      u[j * size + j] = 1 / r[j * size + j];
      for (int i = j - 1; i >= 0; i--) {
        double sum = 0;
        for (int k = i + 1; k <= j; k++) {
          sum += r[i * size + k] * u[k * size + j];
        }
        u[i * size + j] = -sum / r[i * size + i];
      }
    }
    return u;
  }
}

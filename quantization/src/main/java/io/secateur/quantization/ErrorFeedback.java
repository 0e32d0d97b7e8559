package io.secateur.quantization;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.calibrate.InverseFactor;
import io.secateur.model.Grid;
import io.secateur.model.Tensor;
import io.secateur.sparsity.Form;
import io.secateur.spi.Statistic.Inputs;
import io.secateur.spi.Statistics;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Rounds a weight column by column so that the layer's outputs on calibration inputs change least
 * (Frantar et al., 2023): with U the upper Cholesky factor of H⁻¹, H = 2/N · Σ x xᵀ over N
 * calibration rows and the damping on its diagonal, what rounding does to column i moves the rest
 * of the row by −(w − q) / U_ii · U[i, i:]. Computes in float64.
 *
 * <p>What is 0 becomes 0 again: such a cell is rounded to the only number that it may take, and
 * what columns before it would have had it make good is passed on to those behind.
 */
final class ErrorFeedback {
  private final WeightRounding.Gptq settings;
  private final Grid grid;
  private final int rows;
  private final int columns;
  private final int[] order;

  private ErrorFeedback(WeightRounding.Gptq settings, Grid grid, Form form, int[] order) {
    this.settings = settings;
    this.grid = grid;
    this.rows = Math.toIntExact(form.rows());
    this.columns = Math.toIntExact(form.columns());
    this.order = order;
  }

  /**
   * Returns a weight's numbers on a grid.
   *
   * @param name for messages
   * @param statistics with the Gram matrix of the layer's inputs
   * @param manager on the device to compute on; owns nothing more afterwards
   */
  static Tensor rounded(
      String name,
      Tensor weight,
      Form form,
      Grid grid,
      Statistics statistics,
      WeightRounding.Gptq settings,
      NDManager manager) {
    try (NDScope scope = new NDScope();
        NDManager own = manager.newSubManager()) {
      scope.suppressNotUsedWarning();
      NDArray gram = statistics.total(Inputs.GRAM);
      NDArray hessian = gram.toType(DataType.FLOAT64, true);
      hessian.muli(2.0 / statistics.count(Inputs.GRAM));
      int[] order = order(InverseFactor.diagonal(hessian), settings.columns());
      ErrorFeedback feedback = new ErrorFeedback(settings, grid, form, order);
      NDArray factor;
      try {
        factor = InverseFactor.of(feedback.damped(hessian, own));
      } catch (IllegalArgumentException fault) {
        throw new IllegalArgumentException(
            ("gptq: what goes into %s gives a Gram matrix that is %s; raise damping, now %s, or show"
                    + " more examples")
                .formatted(name, fault.getMessage(), settings.damping()),
            fault);
      }
      return Tensor.of(weight.shape(), feedback.rounded(weight.toFloats(), factor, own));
    }
  }

  private static int[] order(double[] diagonal, WeightRounding.Columns columns) {
    IntStream all = IntStream.range(0, diagonal.length);
    return columns == WeightRounding.Columns.IN_ORDER
        ? all.toArray()
        : all.boxed()
            .sorted(Comparator.comparingDouble((Integer i) -> diagonal[i]).reversed())
            .mapToInt(Integer::intValue)
            .toArray();
  }

  /** Returns H with its damping, its rows and columns in the order in which they are rounded. */
  private NDArray damped(NDArray hessian, NDManager manager) {
    double[] added = InverseFactor.diagonal(hessian);
    double sum = Arrays.stream(added).map(each -> each == 0 ? 1 : each).sum();
    for (int i = 0; i < columns; i++) {
      // Of inputs that never came nothing depends on any other.
      added[i] = settings.damping() * sum / columns + (added[i] == 0 ? 1 : 0);
    }
    NDArray plus = manager.create(added);
    hessian.addi(manager.eye(columns, columns, 0, DataType.FLOAT64).mul(plus));
    if (settings.columns() == WeightRounding.Columns.IN_ORDER) {
      return hessian;
    }
    NDArray places = manager.create(Arrays.stream(order).asLongStream().toArray());
    return hessian.get(places).transpose().get(places);
  }

  private float[] rounded(float[] weight, NDArray factor, NDManager manager) {
    double[] ordered = new double[weight.length];
    boolean[] zero = new boolean[weight.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        float cell = weight[row * columns + order[column]];
        ordered[row * columns + column] = cell;
        zero[row * columns + column] = cell == 0;
      }
    }
    NDArray matrix = manager.create(ordered, new Shape(rows, columns));
    float[] rounded = new float[weight.length];
    for (int first = 0; first < columns; first += settings.block()) {
      int end = Math.min(columns, first + settings.block());
      double[] errors;
      try (NDArray part = matrix.get(new NDIndex().addAllDim().addSliceDim(first, end));
          NDArray own = factor.get(new NDIndex().addSliceDim(first, end).addSliceDim(first, end))) {
        errors =
            round(
                InverseFactor.numbers(part), InverseFactor.numbers(own), first, end, zero, rounded);
      }
      if (end < columns) {
        NDIndex behind = new NDIndex().addAllDim().addSliceDim(end, columns);
        try (NDArray made = manager.create(errors, new Shape(rows, end - first));
            NDArray across =
                factor.get(new NDIndex().addSliceDim(first, end).addSliceDim(end, columns));
            NDArray moves = made.matMul(across);
            NDArray rest = matrix.get(behind);
            NDArray moved = rest.sub(moves)) {
          matrix.set(behind, moved);
        }
      }
    }
    return rounded;
  }

  /** Rounds a block of columns; returns what that did to each cell, over the factor's diagonal. */
  private double[] round(
      double[] block, double[] factor, int first, int end, boolean[] zero, float[] rounded) {
    float[] scales = grid.scales().toFloats();
    int width = end - first;
    double[] errors = new double[block.length];
    for (int row = 0; row < rows; row++) {
      float scale = scales[scales.length == 1 ? 0 : row];
      int start = row * width;
      for (int column = 0; column < width; column++) {
        double cell = block[start + column];
        float number =
            zero[row * columns + first + column]
                ? 0
                : Grid.number(Grid.nearest((float) cell, scale, grid.largest()), scale);
        rounded[row * columns + order[first + column]] = number;
        double error = (cell - number) / factor[column * width + column];
        errors[start + column] = error;
        for (int behind = column + 1; behind < width; behind++) {
          block[start + behind] -= error * factor[column * width + behind];
        }
      }
    }
    return errors;
  }
}

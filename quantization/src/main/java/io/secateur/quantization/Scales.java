package io.secateur.quantization;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Affine;
import io.secateur.model.Grid;
import io.secateur.model.Tensor;
import java.util.Optional;

/**
 * The grid of a weight, and that of its layer's bias where inputs are integers too: their products
 * are summed as integers of 32 bits, of which the bias is one.
 */
record Scales(Grid weight, Optional<Grid> bias) {
  /** Below the largest integer of 32 bits by more than float32 scales round. */
  private static final double MOST = Integer.MAX_VALUE - 1024.0;

  /**
   * Returns the grids of a layer: the largest magnitude of a row, or of the weight, over the
   * largest integer; 1 where all is 0.
   *
   * @param perRow whether every row has a scale
   * @param largest of the integers' magnitudes
   */
  static Scales of(Tensor weight, boolean perRow, int largest) {
    return new Scales(grid(scales(weight, perRow, largest), largest), Optional.empty());
  }

  /**
   * Returns the grids of a layer whose inputs are integers. Where a bias is too large for 32 bits,
   * as behind a batch norm that has all but switched its channel off, the weights' scale is as much
   * larger as it takes.
   *
   * @param input what the layer's inputs are
   */
  static Scales of(Tensor weight, Tensor bias, Affine input, boolean perRow, int largest) {
    float[] scales = scales(weight, perRow, largest);
    float[] shifts = bias.toFloats();
    for (int row = 0; row < shifts.length; row++) {
      int own = scales.length == 1 ? 0 : row;
      double least = Math.max(2 * Float.MIN_NORMAL, Math.abs(shifts[row]) / MOST) / input.scale();
      if (scales[own] < least) {
        scales[own] = Math.nextUp((float) least);
      }
    }
    float[] products = new float[scales.length];
    for (int i = 0; i < scales.length; i++) {
      products[i] = scales[i] * input.scale();
    }
    return new Scales(grid(scales, largest), Optional.of(grid(products, Integer.MAX_VALUE)));
  }

  private static Grid grid(float[] scales, int largest) {
    return new Grid(Tensor.of(new Shape(scales.length), scales), largest);
  }

  private static float[] scales(Tensor weight, boolean perRow, int largest) {
    float[] cells = weight.toFloats();
    int rows = perRow ? (int) weight.shape().get(0) : 1;
    int columns = cells.length / rows;
    float[] scales = new float[rows];
    for (int i = 0; i < cells.length; i++) {
      scales[i / columns] = Math.max(scales[i / columns], Math.abs(cells[i]));
    }
    for (int row = 0; row < rows; row++) {
      float scale = scales[row] / largest;
      // So small that the numbers could not be told apart: as good as 0.
      scales[row] = scale < Float.MIN_NORMAL ? 1 : scale;
    }
    return scales;
  }
}

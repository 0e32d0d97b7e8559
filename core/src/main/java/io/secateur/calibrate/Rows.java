package io.secateur.calibrate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture;
import io.secateur.model.Conv2d;

/** Lays out a batch of what goes through a layer as a matrix: a row per sample and position. */
final class Rows {
  private Rows() {}

  /**
   * Returns inputs with a column per column of the weight matrix: for a convolution the cells of
   * each window (im2col), channel by channel.
   */
  static NDArray ofInputs(Architecture.Place place, String weight, NDArray inputs) {
    if (place.layer() instanceof Conv2d layer) {
      if (layer.groups() != 1) {
        throw new IllegalArgumentException(
            "%s belongs to a convolution in %d groups, whose rows meet different inputs; statistics"
                    .formatted(weight, layer.groups())
                + " of inputs need one group: exclude it, or use a method without them");
      }
      return windows(layer, place.output(), inputs);
    }
    return inputs.reshape(-1, inputs.getShape().get(inputs.getShape().dimension() - 1));
  }

  /** Returns outputs, or gradients in their shape, with a column per output unit. */
  static NDArray ofOutputs(NDArray outputs) {
    Shape shape = outputs.getShape();
    return shape.dimension() == 4
        ? outputs.transpose(0, 2, 3, 1).reshape(-1, shape.get(1))
        : outputs.reshape(-1, shape.get(shape.dimension() - 1));
  }

  private static NDArray windows(Conv2d layer, Shape output, NDArray inputs) {
    long batch = inputs.getShape().get(0);
    long channels = inputs.getShape().get(1);
    NDArray padded = padded(inputs, layer.padding());
    NDList cells = new NDList();
    for (int row = 0; row < layer.kernel(); row++) {
      for (int column = 0; column < layer.kernel(); column++) {
        cells.add(
            padded.get(
                new NDIndex()
                    .addAllDim(2)
                    .addSliceDim(row, row + span(output.get(1), layer), layer.stride())
                    .addSliceDim(column, column + span(output.get(2), layer), layer.stride())));
      }
    }
    // (cells, batch, channels, height, width) to (batch, height, width, channels, cells)
    return NDArrays.stack(cells, 0)
        .transpose(1, 3, 4, 2, 0)
        .reshape(batch * output.get(1) * output.get(2), channels * cells.size());
  }

  private static long span(long positions, Conv2d layer) {
    return (positions - 1) * layer.stride() + 1;
  }

  private static NDArray padded(NDArray inputs, int padding) {
    if (padding == 0) {
      return inputs;
    }
    Shape shape = inputs.getShape();
    long height = shape.get(2) + 2L * padding;
    long width = shape.get(3) + 2L * padding;
    NDArray padded =
        inputs.getManager().zeros(new Shape(shape.get(0), shape.get(1), height, width));
    padded.set(
        new NDIndex()
            .addAllDim(2)
            .addSliceDim(padding, height - padding)
            .addSliceDim(padding, width - padding),
        inputs);
    return padded;
  }
}

package io.secateur.quantization.sparse;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Tensor;
import java.util.SplittableRandom;

/**
 * The product of one linear layer's weight with some vectors, both ways, on the same inputs. The
 * engine's arrays belong to the manager it was made with.
 */
final class LinearProducts {
  /** How far the two may differ, of what the magnitudes of all products add up to. */
  private static final double TOLERANCE = 1e-5;

  private final String name;
  private final int batch;
  private final CsrMatrix sparse;
  private final float[][] inputs;
  private final float[][] outputs;
  private final float[] input;
  private final float[] output;
  private final NDArray weight;
  private final NDArray shown;

  /**
   * A layer, and vectors drawn for it.
   *
   * @param name of the weight
   * @param weight of shape (outputs, inputs)
   * @param manager on the CPU
   */
  LinearProducts(String name, Tensor weight, int batch, NDManager manager) {
    this.name = name;
    this.batch = batch;
    this.sparse = CsrMatrix.of(weight);
    this.inputs = new float[sparse.columns()][batch];
    this.outputs = new float[sparse.rows()][batch];
    this.input = new float[sparse.columns()];
    this.output = new float[sparse.rows()];
    SplittableRandom random = new SplittableRandom(batch);
    float[] rows = new float[inputs.length * batch];
    for (int vector = 0; vector < batch; vector++) {
      for (int i = 0; i < sparse.columns(); i++) {
        float drawn = (float) random.nextDouble(-1, 1);
        rows[vector * sparse.columns() + i] = drawn;
        inputs[i][vector] = drawn;
        input[i] = drawn;
      }
    }
    // In the engine's own, aligned memory, as between its layers.
    try (NDArray copied = weight.in(manager);
        NDArray drawn = manager.create(rows, new Shape(batch, sparse.columns()))) {
      this.weight = copied.toDevice(Device.cpu(), true).duplicate();
      this.shown = drawn.duplicate();
    }
  }

  void sparse() {
    if (batch == 1) {
      sparse.multiply(input, output);
    } else {
      sparse.multiply(inputs, outputs);
    }
  }

  void dense() {
    product().close();
  }

  private NDArray product() {
    return ai.djl.nn.core.Linear.linear(shown, weight).singletonOrThrow();
  }

  /**
   * Compares the two products.
   *
   * @throws IllegalStateException naming the layer when they differ by more than sums of float32
   *     numbers in other orders do
   */
  void compare() {
    sparse();
    float[] dense;
    float[] most;
    try (NDArray product = product();
        NDArray magnitudes = shown.abs();
        NDArray weights = weight.abs();
        NDArray bound = ai.djl.nn.core.Linear.linear(magnitudes, weights).singletonOrThrow()) {
      dense = product.toFloatArray();
      most = bound.toFloatArray();
    }
    for (int vector = 0; vector < batch; vector++) {
      for (int row = 0; row < sparse.rows(); row++) {
        float ours = batch == 1 ? output[row] : outputs[row][vector];
        float theirs = dense[vector * sparse.rows() + row];
        if (!(Math.abs(ours - theirs) <= TOLERANCE * most[vector * sparse.rows() + row])) {
          throw new IllegalStateException(
              "output %d of %s: the sparse product gives %s, the engine %s; neither is timed"
                  .formatted(row, name, ours, theirs));
        }
      }
    }
  }
}

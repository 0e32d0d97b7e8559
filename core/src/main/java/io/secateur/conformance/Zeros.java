package io.secateur.conformance;

import io.secateur.model.Tensor;
import io.secateur.sparsity.Mask;

/** Looks whether pruned cells are +0.0. */
final class Zeros {
  private Zeros() {}

  static boolean held(Tensor tensor, Mask mask) {
    float[] values = tensor.toFloats();
    for (int cell = 0; cell < values.length; cell++) {
      if (!mask.keeps(cell) && Float.floatToRawIntBits(values[cell]) != 0) {
        return false;
      }
    }
    return true;
  }
}

package io.secateur.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/** Rounds activations to what integers of 8 bits stand for, on their way through a network. */
final class Rounding {
  private final Quantization quantization;

  Rounding(Quantization quantization) {
    this.quantization = quantization;
  }

  /** Returns what comes out of a layer, rounded where its range is fixed; else itself. */
  NDArray output(String layer, NDArray numbers) {
    Affine affine = quantization.activations().get(layer);
    return affine == null
        ? numbers
        : Between.closing(() -> rounded(numbers, affine.scale(), affine.zeroPoint()));
  }

  /**
   * Returns what goes into a layer, rounded over its own range where that is asked; else itself.
   */
  NDArray input(String layer, NDArray numbers) {
    if (!quantization.dynamic().contains(layer)) {
      return numbers;
    }
    Affine affine = range(numbers);
    return Between.closing(() -> rounded(numbers, affine.scale(), affine.zeroPoint()));
  }

  private static Affine range(NDArray numbers) {
    try (NDArray least = numbers.min();
        NDArray most = numbers.max()) {
      return Affine.over(least.getFloat(), most.getFloat());
    }
  }

  /**
   * Returns numbers rounded and bounded. Gradients pass where the number lies within the bounds, as
   * if there were no rounding (Bengio et al., 2013).
   */
  private static NDArray rounded(NDArray numbers, float scale, int zero) {
    NDManager manager = numbers.getManager();
    NDArray unit = Between.constant(manager, new Shape(1), scale);
    NDArray bounded = numbers.div(unit).clip(-zero, Affine.LARGEST - zero);
    NDArray integers = bounded.round();
    return bounded.add(integers.sub(bounded).stopGradient()).mul(unit);
  }
}

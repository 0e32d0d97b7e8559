package io.secateur.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import java.util.function.Supplier;

/** Closes what a layer computes on the way to its output. */
final class Between {
  private Between() {}

  /**
   * Returns numbers in the engine's own memory. What a manager creates lies in Java's, which is
   * freed with the array; a gradient that looks at it later would read whatever is there then.
   * Arithmetic with plain numbers creates such arrays too, so that layers multiply and divide by
   * these instead.
   */
  static NDArray constant(NDManager manager, Shape shape, float... numbers) {
    try (NDArray shared = manager.create(numbers, shape)) {
      return shared.duplicate();
    }
  }

  /** Returns what is computed; arrays made on the way are closed. */
  static NDArray closing(Supplier<NDArray> computation) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray output = computation.get();
      NDScope.unregister(output);
      return output;
    }
  }
}

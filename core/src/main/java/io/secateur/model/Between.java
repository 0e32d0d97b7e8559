package io.secateur.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDScope;
import java.util.function.Supplier;

/** Closes what a layer computes on the way to its output. */
final class Between {
  private Between() {}

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

package io.secateur.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import io.secateur.sparsity.Mask;
import java.util.Map;

/** Counts pruned weights that are not 0: what must never happen is looked for, not assumed. */
final class Revived {
  private Revived() {}

  /** Returns how many cells that a mask prunes have a value other than 0. */
  static long count(Map<String, NDArray> arrays, Map<String, Mask> masks) {
    long revived = 0;
    for (Map.Entry<String, NDArray> entry : arrays.entrySet()) {
      Mask mask = masks.get(entry.getKey());
      if (mask != null) {
        revived += count(entry.getValue(), mask);
      }
    }
    return revived;
  }

  private static long count(NDArray array, Mask mask) {
    if (array.getDevice().equals(Device.cpu())) {
      return mask.revived(MemoryStepper.memory(array), 0);
    }
    try (NDArray here = array.toDevice(Device.cpu(), true)) {
      return mask.revived(MemoryStepper.memory(here), 0);
    }
  }
}

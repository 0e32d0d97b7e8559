package io.secateur.builtin;

import io.secateur.model.Checkpoint;
import io.secateur.model.Tensor;
import java.util.Objects;

/** Counts numbers that are not zero; NaN is not zero, −0.0 is. */
final class NonZeros {
  private static final int CHUNK = 1 << 14;

  private NonZeros() {}

  static long of(Checkpoint model) {
    return model.parameters().values().stream().mapToLong(NonZeros::of).sum();
  }

  static long of(Tensor tensor) {
    float[] chunk = new float[CHUNK];
    long count = 0;
    for (long first = 0; first < tensor.size(); first += CHUNK) {
      int length = (int) Math.min(CHUNK, tensor.size() - first);
      tensor.read(first, chunk, length);
      for (int i = 0; i < length; i++) {
        count += chunk[i] == 0 ? 0 : 1;
      }
    }
    return count;
  }

  static Tensor tensor(Checkpoint model, String name) {
    return Objects.requireNonNull(model.parameters().get(name), name);
  }
}

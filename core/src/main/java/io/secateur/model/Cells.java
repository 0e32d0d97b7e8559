package io.secateur.model;

/** Walks the numbers of a float32 tensor without copying all of it. */
final class Cells {
  private static final int CHUNK = 1 << 14;

  private Cells() {}

  /** Sees a number and its flat index. */
  interface Visitor {
    void cell(long index, float value);
  }

  /** Visits all numbers in order. */
  static void all(Tensor tensor, Visitor visitor) {
    float[] chunk = new float[(int) Math.min(CHUNK, tensor.size())];
    for (long first = 0; first < tensor.size(); first += chunk.length) {
      int length = (int) Math.min(chunk.length, tensor.size() - first);
      tensor.read(first, chunk, length);
      for (int i = 0; i < length; i++) {
        visitor.cell(first + i, chunk[i]);
      }
    }
  }

  /** Visits, in order, the numbers that are neither 0.0 nor −0.0. */
  static void nonZero(Tensor tensor, Visitor visitor) {
    all(
        tensor,
        (index, value) -> {
          if (value != 0) {
            visitor.cell(index, value);
          }
        });
  }

  static long countNonZero(Tensor tensor) {
    long[] count = {0};
    nonZero(tensor, (index, value) -> count[0]++);
    return count[0];
  }
}

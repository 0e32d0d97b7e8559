package io.secateur.model;

import io.secateur.sparsity.Mask;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The bytes of a tensor with those of pruned cells set to 0, which is +0.0 in every type. */
final class MaskedBytes {
  /** Cells copied at a time, a multiple of those of a mask's word. */
  private static final int CELLS = 1 << 16;

  private MaskedBytes() {}

  /** Takes bytes, in order. */
  interface Sink {
    void put(ByteBuffer bytes) throws IOException;
  }

  static void copy(Tensor tensor, Mask mask, Sink sink) throws IOException {
    int size = Tensor.size(tensor.type());
    long cell = 0;
    ByteBuffer part = ByteBuffer.allocate(CELLS * size).order(ByteOrder.LITTLE_ENDIAN);
    // Chunks hold a power of two of bytes: a word of a mask never reaches into the next one.
    for (ByteBuffer chunk : tensor.chunks()) {
      for (int at = 0; at < chunk.limit(); at += part.capacity()) {
        int length = Math.min(part.capacity(), chunk.limit() - at);
        part.clear().put(chunk.slice(at, length)).flip();
        zero(part.array(), length / size, size, mask, cell);
        cell += length / size;
        sink.put(part);
      }
    }
  }

  private static void zero(byte[] bytes, int cells, int size, Mask mask, long first) {
    for (int cell = 0; cell < cells; cell += Long.SIZE) {
      int width = Math.min(Long.SIZE, cells - cell);
      long pruned = ~mask.word((int) ((first + cell) >>> 6));
      if (width < Long.SIZE) {
        pruned &= (1L << width) - 1;
      }
      for (; pruned != 0; pruned &= pruned - 1) {
        int at = (cell + Long.numberOfTrailingZeros(pruned)) * size;
        for (int i = at; i < at + size; i++) {
          bytes[i] = 0;
        }
      }
    }
  }
}

package io.secateur.prune;

import io.secateur.model.Tensor;
import io.secateur.sparsity.Mask;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** Applies masks to tensors at rest. */
final class Masking {
  private Masking() {}

  /** Returns the tensor with +0.0 in every pruned cell, whatever stood there. */
  static Tensor masked(Tensor tensor, Mask mask) {
    if (mask.pruned() == 0) {
      return tensor;
    }
    List<ByteBuffer> chunks = new ArrayList<>();
    long first = 0;
    for (ByteBuffer chunk : tensor.chunks()) {
      ByteBuffer copy = ByteBuffer.allocate(chunk.remaining()).order(ByteOrder.LITTLE_ENDIAN);
      copy.put(chunk).flip();
      mask.zero(copy.asFloatBuffer(), first);
      first += copy.remaining() / Float.BYTES;
      chunks.add(copy);
    }
    return Tensor.of(tensor.type(), tensor.shape(), chunks);
  }
}

package io.secateur.model;

import io.secateur.sparsity.Lanes;
import io.secateur.sparsity.Mask;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;

/** Copies a float32 tensor with zeros where a mask prunes, in one pass and on several threads. */
final class MaskedTensor {
  /** Numbers that stay in a core's cache; whole words of a mask. */
  private static final int PIECE = 1 << 12;

  /** Numbers of one share of the work; a chunk of a tensor is whole shares. */
  private static final int SHARE = 1 << 17;

  private final Tensor from;
  private final Mask mask;
  private final List<ByteBuffer> chunks;

  private MaskedTensor(Tensor from, Mask mask) {
    this.from = from;
    this.mask = mask;
    this.chunks =
        Tensor.chunkSizes(from.bytes()).stream()
            .map(size -> ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN))
            .toList();
  }

  static Tensor of(Tensor tensor, Mask mask) {
    if (mask.form().size() != tensor.size()) {
      throw new IllegalArgumentException(
          "a mask of %s has %d cells, the tensor %s has %d"
              .formatted(mask.form(), mask.form().size(), tensor, tensor.size()));
    }
    MaskedTensor masked = new MaskedTensor(tensor, mask);
    Lanes.shares(tensor.size(), SHARE).forEach(masked::copy);
    return new Tensor(tensor.type(), tensor.shape(), masked.chunks);
  }

  private void copy(int share) {
    float[] piece = new float[PIECE];
    FloatBuffer values = FloatBuffer.wrap(piece);
    long end = Math.min(from.size(), (share + 1L) * SHARE);
    for (long first = (long) share * SHARE; first < end; first += PIECE) {
      int length = (int) Math.min(PIECE, end - first);
      from.read(first, piece, length);
      mask.zero(values.limit(length), first);
      long at = first * Float.BYTES;
      chunks
          .get((int) (at / Tensor.CHUNK))
          .slice((int) (at % Tensor.CHUNK), length * Float.BYTES)
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .put(piece, 0, length);
    }
  }
}

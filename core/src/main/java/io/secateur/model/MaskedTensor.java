package io.secateur.model;

import io.secateur.sparsity.Lanes;
import io.secateur.sparsity.Mask;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.List;

/** Copies a float32 tensor with zeros where a mask prunes, in one pass and on several threads. */
final class MaskedTensor {
  /** Numbers that stay in a core's cache; whole words of a mask. */
  private static final int PIECE = 1 << 12;

  /** Numbers of one share of the work; a chunk of a tensor is whole shares. */
  private static final int SHARE = 1 << 17;

  /** How many cells are looked up at once. */
  private static final int FOUR = 4;

  /** By which of four cells are kept, the first in the lowest bit: two pairs with ones there. */
  private static final long[] KEPT = kept();

  private final Tensor from;
  private final Mask mask;
  private final List<ByteBuffer> sources;
  private final List<ByteBuffer> targets;

  private MaskedTensor(Tensor from, Mask mask) {
    this.from = from;
    this.mask = mask;
    this.sources = from.chunks();
    this.targets =
        Tensor.chunkSizes(from.bytes()).stream()
            .map(size -> ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN))
            .toList();
  }

  private static long[] kept() {
    long[] kept = new long[2 << FOUR];
    for (int i = 0; i < kept.length; i++) {
      int two = (i & 1) == 0 ? i >> 1 : i >> 3;
      kept[i] = ((two & 1) == 0 ? 0 : 0xFFFF_FFFFL) | ((two & 2) == 0 ? 0 : 0xFFFF_FFFFL << 32);
    }
    return kept;
  }

  static Tensor of(Tensor tensor, Mask mask) {
    if (mask.form().size() != tensor.size()) {
      throw new IllegalArgumentException(
          "a mask of %s has %d cells, the tensor %s has %d"
              .formatted(mask.form(), mask.form().size(), tensor, tensor.size()));
    }
    MaskedTensor masked = new MaskedTensor(tensor, mask);
    Lanes.shares(tensor.size(), SHARE).forEach(masked::copy);
    return new Tensor(tensor.type(), tensor.shape(), masked.targets);
  }

  private void copy(int share) {
    long start = (long) share * SHARE;
    int length = (int) Math.min(SHARE, from.size() - start);
    int chunk = (int) (start * Float.BYTES / Tensor.CHUNK);
    int at = (int) (start * Float.BYTES % Tensor.CHUNK);
    ByteBuffer source = part(sources.get(chunk), at, length);
    ByteBuffer target = part(targets.get(chunk), at, length);
    copy(source.asLongBuffer(), target.asLongBuffer(), start, length);
    if ((length & 1) != 0) {
      int last = (length - 1) * Float.BYTES;
      target.putInt(last, mask.keeps(start + length - 1) ? source.getInt(last) : 0);
    }
  }

  /** Copies an even number of numbers, two in each long: the first in its lower half. */
  private void copy(LongBuffer source, LongBuffer target, long start, int length) {
    long[] pairs = new long[Math.min(PIECE, (length + Long.SIZE - 1) & -Long.SIZE) / 2];
    for (int done = 0; done < length; done += PIECE) {
      int count = Math.min(PIECE, length - done) / 2;
      source.get(pairs, 0, count);
      zero(pairs, count, (int) ((start + done) / Long.SIZE));
      target.put(pairs, 0, count);
    }
  }

  /** Without a branch for every cell, which half the time goes where nobody expects it. */
  private void zero(long[] pairs, int count, int firstWord) {
    for (int at = 0, word = firstWord; at < count; at += Long.SIZE / 2, word++) {
      long bits = mask.word(word);
      if (bits == 0) {
        Arrays.fill(pairs, at, at + Long.SIZE / 2, 0);
      } else if (bits != -1) {
        for (int i = at; i < at + Long.SIZE / 2; i += 2, bits >>>= FOUR) {
          int four = (int) bits & ((1 << FOUR) - 1);
          pairs[i] &= KEPT[2 * four];
          pairs[i + 1] &= KEPT[2 * four + 1];
        }
      }
    }
  }

  private static ByteBuffer part(ByteBuffer chunk, int at, int length) {
    return chunk.slice(at, length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
  }
}

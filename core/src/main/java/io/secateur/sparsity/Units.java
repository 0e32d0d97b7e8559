package io.secateur.sparsity;

import io.secateur.sparsity.Granularity.Axis;
import io.secateur.sparsity.Selection.Candidate;
import java.util.Optional;

/**
 * The units of one weight, by index: those that remain, their keys, and the bits that are cleared
 * as they are pruned.
 */
abstract class Units {
  final String weight;
  final long size;
  private final long[] remaining;
  private final long[] kept;

  Units(String weight, long size, long[] remaining) {
    this.weight = weight;
    this.size = size;
    this.remaining = remaining;
    this.kept = remaining.clone();
  }

  static Units of(Granularity granularity, Candidate candidate) {
    Optional<Axis> axis = granularity.sliced();
    if (axis.isPresent()) {
      return new SliceUnits(candidate, axis.get());
    }
    Form form = candidate.before().form();
    requireSize(candidate, form.size(), "cell");
    if (granularity instanceof Granularity.Block block
        && (block.height() > 1 || block.width() > 1)) {
      return new BlockUnits(candidate, block);
    }
    return new CellUnits(candidate);
  }

  static void requireSize(Candidate candidate, long expected, String noun) {
    if (candidate.scores().size() != expected) {
      throw new IllegalArgumentException(
          "%s: %d scores were given, %d are needed, one per %s"
              .formatted(candidate.name(), candidate.scores().size(), expected, noun));
    }
  }

  /** Returns how many leading 16-bit digits tell all keys apart: 2 for floats, 4 for doubles. */
  abstract int digits();

  /** Returns the highest key that a score of at most {@code score} can have. */
  abstract long keyAtMost(double score);

  /** Returns the score that a key is of. */
  abstract double score(long key);

  /**
   * Writes the keys of some units to the chunk's start, {@link Keys#PRUNED} for those that do not
   * remain.
   *
   * @throws IllegalArgumentException when the score of a remaining one is NaN
   */
  abstract void read(long first, int length, Chunk chunk);

  /** Returns how many units stand side by side: those that compete in the scope of a row. */
  abstract long across();

  /** Returns the cells kept after everything that was pruned. */
  abstract Mask mask();

  /** Returns the bits of the units that remained before. */
  final long[] remaining() {
    return remaining;
  }

  /** Returns the bits of the units kept; different words may be changed by different threads. */
  final long[] kept() {
    return kept;
  }

  /** Returns how many remained before, of those from {@code first} on, before {@code end}. */
  final long remaining(long first, long end) {
    return Bits.count(remaining, first, end);
  }

  /** Takes back what was pruned from {@code first} on, before {@code end}. */
  final void restore(long first, long end) {
    Bits.copy(remaining, kept, first, end);
  }

  /** Returns whether a unit remained before and is pruned now. */
  final boolean lost(long index) {
    int word = (int) (index >>> 6);
    return ((remaining[word] & ~kept[word]) >>> index & 1) != 0;
  }

  /**
   * Prunes what a cut says of some units whose keys were read.
   *
   * @param equals how many with the cut's own key go at most
   * @return how many of these are left to go
   */
  final long prune(long first, int length, long[] keys, long cut, long equals) {
    long left = equals;
    for (int i = 0; i < length; ) {
      long index = first + i;
      int end = i + Math.min(Bits.WORD - (int) (index & 63), length - i);
      long lower = 0;
      long same = 0;
      for (int j = i; j < end; j++) {
        lower |= (keys[j] < cut ? 1L : 0L) << (j - i);
        same |= (keys[j] == cut ? 1L : 0L) << (j - i);
      }
      if (same != 0 && left > 0) {
        same = Bits.lowest(same, left);
        left -= Long.bitCount(same);
        lower |= same;
      }
      kept[(int) (index >>> 6)] &= ~(lower << index);
      i = end;
    }
    return left;
  }

  /** Prunes what a cut says of some units that lie {@code stride} apart. */
  final void prune(long first, int stride, int length, long[] keys, Cut cut) {
    long left = cut.equals();
    long index = first;
    for (int i = 0; i < length; i++, index += stride) {
      boolean same = keys[i] == cut.key() && left > 0;
      left -= same ? 1 : 0;
      if (same || keys[i] < cut.key()) {
        kept[(int) (index >>> 6)] &= ~(1L << index);
      }
    }
  }

  /** Prunes those of up to 64 units, {@code stride} apart, whose bits are 1. */
  final void prune(long first, int stride, long lost) {
    int shift = (int) first & 63;
    if (stride == 1) {
      int word = (int) (first >>> 6);
      kept[word] &= ~(lost << shift);
      if (shift > 0 && lost >>> -shift != 0) {
        kept[word + 1] &= ~(lost >>> -shift);
      }
    } else {
      for (long rest = lost; rest != 0; rest &= rest - 1) {
        long index = first + (long) stride * Long.numberOfTrailingZeros(rest);
        kept[(int) (index >>> 6)] &= ~(1L << index);
      }
    }
  }
}

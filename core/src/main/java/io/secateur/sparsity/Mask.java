package io.secateur.sparsity;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.function.IntToLongFunction;
import java.util.function.LongPredicate;

/**
 * Which cells of one weight are kept. A value: one bit per cell, no native memory, equal when form
 * and bits are equal. Cells are named by flat index, see {@link Form}.
 */
public final class Mask {
  /** How many values are read at once; whole words. */
  private static final int CHUNK = 1 << 12;

  /** How many values are one thread's share; whole chunks. */
  private static final int SHARE = 1 << 17;

  private final Form form;
  private final long[] words;
  private final long survivors;

  /** Takes the words over: nobody else may write to them; bits past the form's end must be 0. */
  Mask(Form form, long[] words) {
    this.form = form;
    this.words = words;
    this.survivors = Bits.count(words, 0, form.size());
  }

  /** Returns a mask that keeps everything. */
  public static Mask dense(Form form) {
    return new Mask(form, Bits.ones(form.size()));
  }

  /** Returns the mask that keeps the cells, by flat index, for which the predicate holds. */
  public static Mask of(Form form, LongPredicate kept) {
    long[] words = new long[Bits.words(form.size())];
    for (long cell = 0; cell < form.size(); cell++) {
      if (kept.test(cell)) {
        words[(int) (cell >>> 6)] |= 1L << cell;
      }
    }
    return new Mask(form, words);
  }

  /**
   * Returns the mask made of these words, 64 cells at a time; refuses stray bits past the end.
   *
   * @param bits for word w the cells {@code 64 w} to {@code 64 w + 63}, the first in the lowest bit
   */
  public static Mask ofWords(Form form, IntToLongFunction bits) {
    long[] words = new long[Bits.words(form.size())];
    Arrays.setAll(words, bits);
    return withoutStrayBits(form, words);
  }

  /** Returns the mask that keeps what is not zero: neither 0.0 nor -0.0; NaN is kept. */
  public static Mask ofNonZero(Form form, Scores values) {
    if (values.size() != form.size()) {
      throw new IllegalArgumentException(
          "a mask of %s has %d cells, %d values were given"
              .formatted(form, form.size(), values.size()));
    }
    long[] words = new long[Bits.words(form.size())];
    Lanes.shares(form.size(), SHARE)
        .forEach(
            share -> {
              long end = Math.min(form.size(), (share + 1L) * SHARE);
              nonZero(values, (long) share * SHARE, end, words);
            });
    return new Mask(form, words);
  }

  private static void nonZero(Scores values, long from, long end, long[] words) {
    float[] chunk = new float[(int) Math.min(CHUNK, end - from)];
    for (long first = from; first < end; first += chunk.length) {
      int length = (int) Math.min(chunk.length, end - first);
      values.read(first, chunk, length);
      for (int i = 0; i < length; i += Bits.WORD) {
        int bits = Math.min(Bits.WORD, length - i);
        long word = 0;
        for (int bit = 0; bit < bits; bit++) {
          // The sign of what is less than 0 unless the magnitude is 0: no branch.
          int magnitude = Float.floatToRawIntBits(chunk[i + bit]) & Integer.MAX_VALUE;
          word |= (long) (-magnitude >>> 31) << bit;
        }
        words[(int) ((first + i) >>> 6)] = word;
      }
    }
  }

  /** Returns the mask whose {@link #toBytes} these are; refuses other lengths and stray bits. */
  public static Mask of(Form form, byte[] bytes) {
    long[] words = new long[Bits.words(form.size())];
    long expected = (form.size() + 7) / 8;
    if (bytes.length != expected) {
      throw new IllegalArgumentException(
          "a mask of %s takes %d bytes, %d were given".formatted(form, expected, bytes.length));
    }
    ByteBuffer.wrap(Arrays.copyOf(bytes, bytes.length + 7 & ~7))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asLongBuffer()
        .get(words);
    return withoutStrayBits(form, words);
  }

  private static Mask withoutStrayBits(Form form, long[] words) {
    int used = (int) (form.size() & 63);
    if (used != 0 && (words[words.length - 1] & ~Bits.low(used)) != 0) {
      throw new IllegalArgumentException(
          "a mask of %s has %d cells, but bits past the last one are set"
              .formatted(form, form.size()));
    }
    return new Mask(form, words);
  }

  /** Returns the form masked. */
  public Form form() {
    return form;
  }

  /** Returns whether a cell, by flat index, is kept. */
  public boolean keeps(long cell) {
    if (cell < 0 || cell >= form.size()) {
      throw new IndexOutOfBoundsException(
          "a mask of %s has cells 0 to %d, %d was asked for"
              .formatted(form, form.size() - 1, cell));
    }
    return (words[(int) (cell >>> 6)] >>> cell & 1) != 0;
  }

  /** Returns how many cells are kept. */
  public long survivors() {
    return survivors;
  }

  /** Returns how many cells are pruned. */
  public long pruned() {
    return form.size() - survivors;
  }

  /** Returns the fraction of cells pruned. */
  public double sparsity() {
    return (double) pruned() / form.size();
  }

  /** Returns the cells kept by both, which must have the same form. */
  public Mask and(Mask other) {
    requireSameForm(other);
    return ofWords(form, w -> words[w] & other.words[w]);
  }

  /** Returns the cells kept by either, which must have the same form. */
  public Mask or(Mask other) {
    requireSameForm(other);
    return ofWords(form, w -> words[w] | other.words[w]);
  }

  private void requireSameForm(Mask other) {
    if (!form.equals(other.form)) {
      throw new IllegalArgumentException(
          "masks are joined cell by cell and need one form, were %s and %s"
              .formatted(form, other.form));
    }
  }

  /**
   * Returns 64 cells at once: bit b of word w is cell {@code 64 w + b}; bits past the end are 0.
   */
  public long word(int index) {
    return words[index];
  }

  /** Returns how many words there are: ceil(size / 64). */
  public int words() {
    return words.length;
  }

  /** Returns the words themselves, to be read only. */
  long[] bits() {
    return words;
  }

  /** Returns the bits as bytes, cell 0 in the lowest bit of byte 0, ceil(size / 8) of them. */
  public byte[] toBytes() {
    long bytes = (form.size() + 7) / 8;
    if (bytes > Integer.MAX_VALUE - 8) {
      throw new IllegalArgumentException(
          "an array holds at most %d bytes, a mask of %s takes %d; read it word by word"
              .formatted(Integer.MAX_VALUE - 8, form, bytes));
    }
    byte[] result = new byte[(int) bytes];
    ByteBuffer target = ByteBuffer.wrap(result).order(ByteOrder.LITTLE_ENDIAN);
    int whole = result.length / Long.BYTES;
    target.asLongBuffer().put(words, 0, whole);
    for (int i = whole * Long.BYTES; i < result.length; i++) {
      result[i] = (byte) (words[whole] >>> (Byte.SIZE * (i & 7)));
    }
    return result;
  }

  /**
   * Sets the pruned ones among some cells to +0.0, whatever they were; kept cells are not touched.
   *
   * @param values the cells' values, from the buffer's position to its limit, neither of which
   *     moves; usually a tensor's own memory or a slice of it
   * @param first the flat index of the first of them
   */
  public void zero(FloatBuffer values, long first) {
    MaskedValues.zero(words, values, requireWithin(values, first));
  }

  /**
   * Returns how many pruned ones among some cells have a value other than 0; NaN counts, -0.0 does
   * not.
   *
   * @param values as for {@link #zero}
   * @param first the flat index of the first of them
   */
  public long revived(FloatBuffer values, long first) {
    return MaskedValues.revived(words, values, requireWithin(values, first));
  }

  private long requireWithin(FloatBuffer values, long first) {
    if (first < 0 || first > form.size() - values.remaining()) {
      throw new IndexOutOfBoundsException(
          "a mask of %s has %d cells, %d values from cell %d on were given"
              .formatted(form, form.size(), values.remaining(), first));
    }
    return first;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Mask that && form.equals(that.form) && Arrays.equals(words, that.words);
  }

  @Override
  public int hashCode() {
    return 31 * form.hashCode() + Arrays.hashCode(words);
  }

  @Override
  public String toString() {
    return "Mask[%d of %d cells kept]".formatted(survivors, form.size());
  }
}

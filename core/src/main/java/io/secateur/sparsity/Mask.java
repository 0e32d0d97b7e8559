package io.secateur.sparsity;

/** Which cells of one weight are kept. A value: one bit per cell, no native memory. */
public final class Mask {
  private final Form form;
  private final long[] words;

  Mask(Form form, long[] words) {
    this.form = form;
    this.words = words;
  }

  /** Returns the form masked. */
  public Form form() {
    return form;
  }

  /** Returns a mask that keeps everything. */
  public static Mask dense(Form form) {
    throw new UnsupportedOperationException(form.toString());
  }

  /** Returns whether a cell, by flat index, is kept. */
  public boolean keeps(long cell) {
    return (words[(int) (cell >>> 6)] >>> cell & 1) != 0;
  }

  /** Returns how many cells are kept. */
  public long survivors() {
    throw new UnsupportedOperationException();
  }

  /** Returns how many cells are pruned. */
  public long pruned() {
    return form.size() - survivors();
  }

  /** Returns the fraction of cells pruned. */
  public double sparsity() {
    return (double) pruned() / form.size();
  }

  /** Returns the cells kept by both. */
  public Mask and(Mask other) {
    throw new UnsupportedOperationException();
  }

  /** Returns the cells kept by either. */
  public Mask or(Mask other) {
    throw new UnsupportedOperationException();
  }

  /**
   * Returns 64 cells at once: bit b of word w is cell {@code 64 w + b}; bits past the end are 0.
   */
  public long word(int index) {
    return words[index];
  }

  /** Returns the bits as bytes, cell 0 in the lowest bit of byte 0, ceil(size / 8) of them. */
  public byte[] toBytes() {
    throw new UnsupportedOperationException();
  }

  /** Returns the mask whose {@link #toBytes} these are; refuses other lengths and stray bits. */
  public static Mask of(Form form, byte[] bytes) {
    throw new UnsupportedOperationException(form.toString() + bytes.length);
  }
}

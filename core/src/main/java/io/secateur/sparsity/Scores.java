package io.secateur.sparsity;

/**
 * Scores of one weight that can be read again and again, in any order: an array, a tensor's own
 * memory, a mapped file. Selection reads them more than once, keeps no copy, and may read from
 * several threads at once: a read must not move a shared position.
 */
public interface Scores {
  /** Returns how many scores there are. */
  long size();

  /** Copies {@code length} scores from index {@code first} on to the start of {@code into}. */
  void read(long first, float[] into, int length);

  /** Returns the scores in an array, which is not copied and must not change. */
  static Scores of(float... scores) {
    return new Scores() {
      @Override
      public long size() {
        return scores.length;
      }

      @Override
      public void read(long first, float[] into, int length) {
        System.arraycopy(scores, Math.toIntExact(first), into, 0, length);
      }
    };
  }
}

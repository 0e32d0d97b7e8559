package io.secateur.sparsity;

/**
 * Where a budget is cut: units with lower keys are pruned, and of those with this key the first
 * {@code equals} in index order.
 */
record Cut(long key, long equals) {
  /** Prunes every unit that remains. */
  static final Cut ALL = new Cut(Keys.PRUNED, 0);

  /** Prunes none. */
  static final Cut NONE = new Cut(Long.MIN_VALUE, 0);

  /** Prunes every unit whose key is at most {@code key}. */
  static Cut through(long key) {
    return new Cut(key, Long.MAX_VALUE);
  }
}

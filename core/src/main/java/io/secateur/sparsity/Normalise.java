package io.secateur.sparsity;

/** What the scores of a weight are divided by before they compete with those of other weights. */
public enum Normalise {
  /** Nothing: scores are compared as they are. */
  NONE,
  /** The mean over the units that remain. */
  MEAN,
  /** The highest of the units that remain. */
  MAX
}

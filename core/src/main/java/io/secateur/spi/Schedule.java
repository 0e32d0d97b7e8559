package io.secateur.spi;

/** How sparsity grows over the rounds or steps of a pipeline. */
public interface Schedule extends Plugin {
  /**
   * Returns the sparsity to have reached.
   *
   * @param progress from 0 to 1
   * @param target the sparsity at progress 1, from 0 to 1
   * @return never above {@code target}, never less than at an earlier progress, {@code target} at 1
   */
  double sparsity(double progress, double target);
}

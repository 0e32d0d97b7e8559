package io.secateur.prune;

import ai.djl.ndarray.NDArray;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistics;

/** A statistic at hand, whatever is asked for. */
record AtHand(NDArray total, long count) implements Statistics {
  @Override
  public NDArray total(Statistic statistic) {
    return total;
  }

  @Override
  public long count(Statistic statistic) {
    return count;
  }
}

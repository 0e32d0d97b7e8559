package io.secateur.report;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Holm's correction for several tests (Holm, 1979): the smallest p is multiplied by their number,
 * the next by one less, and so on; none comes out smaller than one before it. Whoever rejects where
 * a corrected p is at most 0.05 rejects anything true with at most that probability in all.
 */
final class Holm {
  private Holm() {}

  /** Returns the corrected values, in the order given; p from 0 to 1. */
  static double[] adjusted(double... p) {
    List<Integer> order =
        IntStream.range(0, p.length)
            .boxed()
            .sorted(Comparator.comparingDouble(index -> p[index]))
            .toList();
    double[] adjusted = new double[p.length];
    double before = 0;
    for (int rank = 0; rank < p.length; rank++) {
      int index = order.get(rank);
      before = Math.max(before, Math.min(1, (p.length - rank) * p[index]));
      adjusted[index] = before;
    }
    return adjusted;
  }
}

package io.secateur.report;

import io.secateur.report.Spot.Line;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is left of the dense model, be the rest zeros or gone: sparsity alone says nothing of a
 * model that was made smaller, which has no zeros any more.
 */
final class Left {
  private static final double PERCENT = 100;
  private static final String NON_ZERO_MACS = "macs/non-zero";
  private static final String MACS = "macs/dense";

  private final Measurements measurements;
  private final Baselines baselines;

  Left(Measurements measurements) {
    this.measurements = measurements;
    this.baselines = new Baselines(measurements);
  }

  /** Returns whether a line has a dense model to compare with. */
  boolean known(Line line) {
    return baselines.of(line).isPresent();
  }

  /** Returns the share of parameters that are not 0, in percent, by seed. */
  SortedMap<Long, Double> parameters(Spot spot) {
    return share(spot, Quantity.NON_ZERO_PARAMETERS, Quantity.PARAMETERS);
  }

  /** Returns the share of multiply-accumulates whose weight is not 0, in percent, by seed. */
  SortedMap<Long, Double> macs(Spot spot) {
    return share(spot, NON_ZERO_MACS, MACS);
  }

  /** Returns the dense model's parameters over those that are not 0, by seed. */
  SortedMap<Long, Double> compression(Spot spot) {
    SortedMap<Long, Double> factors = new TreeMap<>();
    parameters(spot).forEach((seed, share) -> factors.put(seed, PERCENT / share));
    return factors;
  }

  /** Returns whether a model has fewer parameters than the dense one, zeros counted. */
  boolean smaller(Spot spot) {
    return size(spot).filter(share -> share < PERCENT).isPresent();
  }

  /** Returns the share of parameters, zeros counted, in percent; empty where not measured. */
  Optional<Double> size(Spot spot) {
    SortedMap<Long, Double> shares = share(spot, Quantity.PARAMETERS, Quantity.PARAMETERS);
    return shares.isEmpty() ? Optional.empty() : Optional.of(Interval.of(shares.values()).mean());
  }

  private SortedMap<Long, Double> share(Spot spot, String kept, String whole) {
    Optional<Spot> dense = baselines.of(spot.line());
    if (dense.isEmpty()) {
      return Collections.emptySortedMap();
    }
    SortedMap<Long, Double> shares = new TreeMap<>();
    SortedMap<Long, Double> all = measurements.values(dense.get(), whole);
    measurements
        .values(spot, kept)
        .forEach(
            (seed, value) -> {
              Double before = all.get(seed);
              if (before != null && before > 0) {
                shares.put(seed, PERCENT * value / before);
              }
            });
    return shares;
  }
}

package io.secateur.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Finds where two contenders can be compared: at sparsities that both have. A control is compared
 * with its arm iteration by iteration, whatever its sparsity; so is whatever was never pruned, and
 * what has no iterations is compared with all of the other's.
 */
final class CommonLevels {
  /** Sparsities this near, in points, count as the same. */
  static final double SAME = 0.5;

  private static final double ALL = 100;
  private static final String PRUNED = "pruned";

  private final Measurements measurements;
  private final Left left;

  CommonLevels(Measurements measurements) {
    this.measurements = measurements;
    this.left = new Left(measurements);
  }

  /**
   * Two places that are compared.
   *
   * @param gone the share that is pruned there, in per cent; empty where it was not measured
   */
  record Level(OptionalDouble gone, Spot one, Spot other) {
    /** Returns what a table calls it: {@code 86.50 %}, or the iteration. */
    String name() {
      return gone.isPresent()
          ? new Numbers(2).text(gone.getAsDouble()) + " %"
          : "iteration " + one.round();
    }
  }

  /** Returns the places, by growing sparsity; none where nothing is in common. */
  List<Level> of(Contender one, Contender other) {
    if (other.control() || one.control() || never(one) || never(other) || unknown(one, other)) {
      return byIteration(one, other);
    }
    List<Level> levels = new ArrayList<>();
    List<Spot> free = new ArrayList<>(other.spots());
    for (Spot spot : one.spots()) {
      double gone = gone(spot).orElse(0);
      if (gone > 0) {
        free.stream()
            .filter(each -> gone(each).orElse(0) > 0)
            .filter(each -> distance(each, gone) <= SAME)
            .min(Comparator.comparingDouble(each -> distance(each, gone)))
            .ifPresent(
                each -> {
                  free.remove(each);
                  levels.add(new Level(OptionalDouble.of(gone), spot, each));
                });
      }
    }
    return sorted(levels);
  }

  private double distance(Spot spot, double gone) {
    return Math.abs(gone(spot).orElse(0) - gone);
  }

  private List<Level> byIteration(Contender one, Contender other) {
    List<Level> levels = new ArrayList<>();
    boolean unknown = unknown(one, other);
    for (Spot spot : one.spots()) {
      Optional<Spot> partner = partner(spot, other);
      if (partner.isPresent()) {
        OptionalDouble gone = gone(spot);
        OptionalDouble theirs = gone(partner.get());
        boolean pruned = unknown ? spot.round() > 0 : gone.orElse(0) > 0 || theirs.orElse(0) > 0;
        if (pruned) {
          levels.add(new Level(gone.orElse(0) > 0 || unknown ? gone : theirs, spot, partner.get()));
        }
      }
    }
    if (levels.isEmpty() && never(one) && !never(other) && !one.spots().isEmpty()) {
      Spot last = one.spots().get(one.spots().size() - 1);
      for (Spot spot : other.spots()) {
        if (gone(spot).orElse(0) > 0) {
          levels.add(new Level(gone(spot), last, spot));
        }
      }
    }
    return sorted(levels);
  }

  /** Returns the same round of the other; of one never pruned and without rounds, its end. */
  private Optional<Spot> partner(Spot spot, Contender other) {
    Optional<Spot> same =
        other.spots().stream().filter(each -> each.round() == spot.round()).findFirst();
    boolean single = other.spots().size() == 1 && never(other);
    return same.isEmpty() && single ? Optional.of(other.spots().get(0)) : same;
  }

  private static List<Level> sorted(List<Level> levels) {
    return levels.stream()
        .sorted(Comparator.comparingDouble(level -> level.gone().orElse(level.one().round())))
        .toList();
  }

  /** Returns whether it is known that nothing of it was ever pruned. */
  boolean never(Contender contender) {
    return contender.spots().stream()
        .allMatch(spot -> gone(spot).isPresent() && gone(spot).getAsDouble() == 0);
  }

  private boolean unknown(Contender one, Contender other) {
    return one.spots().stream().allMatch(spot -> gone(spot).isEmpty())
        || other.spots().stream().allMatch(spot -> gone(spot).isEmpty());
  }

  /** Returns the share of the dense model that is gone, be it zeros or made smaller. */
  OptionalDouble gone(Spot spot) {
    if (left.smaller(spot)) {
      return left.parameters(spot).isEmpty()
          ? OptionalDouble.empty()
          : OptionalDouble.of(ALL - Interval.of(left.parameters(spot).values()).mean());
    }
    // Zeros may be there by nature, as in the row of an embedding that stands for padding.
    return measurements
        .interval(spot, PRUNED)
        .filter(pruned -> pruned.mean() == 0)
        .or(() -> measurements.interval(spot, Quantity.SPARSITY))
        .map(interval -> OptionalDouble.of(interval.mean()))
        .orElse(OptionalDouble.empty());
  }
}

package io.secateur.report;

import io.secateur.report.Spot.Line;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the dense model that a line is compared with. */
final class Baselines {
  private static final String LABEL = "dense";
  private static final String PRUNED = "pruned";

  private final Measurements measurements;
  private final Map<String, Double> largest = new HashMap<>();

  Baselines(Measurements measurements) {
    this.measurements = measurements;
    for (Line line : measurements.lines()) {
      measurements.places(line).stream()
          .flatMap(spot -> measurements.interval(spot, Quantity.PARAMETERS).stream())
          .forEach(size -> largest.merge(measurements.model(line), size.mean(), Math::max));
    }
  }

  /**
   * Returns where the dense model was measured: in the line's own arm, else in any that starts from
   * the same model, at the label {@code dense} where it has one; where sparsity was not measured,
   * the line's iteration 0. Dense is what no mask prunes; a model that was made smaller has none
   * either, but is not dense.
   */
  Optional<Spot> of(Line line) {
    if (measurements.quantity(Quantity.SPARSITY).isEmpty()) {
      return measurements.iterations(line).stream().filter(spot -> spot.round() == 0).findFirst();
    }
    List<Line> arm =
        measurements.lines().stream().filter(other -> other.arm().equals(line.arm())).toList();
    List<Spot> found =
        Stream.concat(arm.stream(), measurements.linesOfModel(line).stream())
            .flatMap(each -> measurements.places(each).stream())
            .filter(this::dense)
            .toList();
    // What comes trained and is trained on has two; its author says which one is meant.
    return found.stream()
        .filter(spot -> measurements.mark(spot).equals(LABEL))
        .findFirst()
        .or(() -> found.stream().findFirst());
  }

  private boolean dense(Spot spot) {
    // Zeros may be there by nature, as in the row of an embedding that stands for padding.
    return measurements
            .interval(spot, PRUNED)
            .or(() -> measurements.interval(spot, Quantity.SPARSITY))
            .filter(lost -> lost.mean() == 0)
            .isPresent()
        && size(spot) == largest(spot);
  }

  private double size(Spot spot) {
    return measurements
        .interval(spot, Quantity.PARAMETERS)
        .map(Interval::mean)
        .orElse(largest(spot));
  }

  /** Returns the size of the largest of a model's checkpoints. */
  private double largest(Spot spot) {
    return largest.getOrDefault(measurements.model(spot.line()), 0.0);
  }
}

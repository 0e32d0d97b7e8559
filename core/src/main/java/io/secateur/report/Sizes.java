package io.secateur.report;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** The smallest file of each model, those that were compressed after writing left out. */
final class Sizes {
  private final Measurements measurements;
  private final List<Quantity> encodings;

  Sizes(Measurements measurements) {
    this.measurements = measurements;
    this.encodings =
        measurements.quantities().stream()
            .filter(quantity -> quantity.encoding().isPresent() && !quantity.deflated())
            .toList();
  }

  /** Returns whether any file was measured. */
  boolean measured() {
    return !encodings.isEmpty();
  }

  /** Returns the size of the smallest file in MB, by seed; empty where none was measured. */
  SortedMap<Long, Double> smallest(Spot spot) {
    SortedMap<Long, Double> smallest = new TreeMap<>();
    for (Quantity size : encodings) {
      measurements
          .values(spot, size.name())
          .forEach((seed, value) -> smallest.merge(seed, value, Math::min));
    }
    return smallest;
  }

  /** Returns the name of the encoding that is smallest in the mean. */
  Optional<String> encoding(Spot spot) {
    return encodings.stream()
        .filter(size -> measurements.interval(spot, size.name()).isPresent())
        .min(Comparator.comparingDouble(size -> mean(spot, size)))
        .flatMap(Quantity::encoding);
  }

  private double mean(Spot spot, Quantity size) {
    return measurements.interval(spot, size.name()).map(Interval::mean).orElse(Double.MAX_VALUE);
  }
}

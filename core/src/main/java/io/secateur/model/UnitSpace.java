package io.secateur.model;

import java.util.List;
import java.util.Optional;

/**
 * Units that are made together and compete with each other: the channels that a convolution gives,
 * those that sums along residual connections tie to them included.
 *
 * @param number its place among the spaces; 0 is the network's input
 * @param first the number of its first unit, counted over all spaces
 * @param size how many units there are
 * @param fixed why none of them can be left out; nothing when they can
 * @param producers weights whose rows make the units, and tables whose columns do
 * @param consumers weights whose columns take them
 * @param vectors biases, scales, shifts and running statistics with an entry per unit
 * @param heads whether its units are heads of an attention, which own several rows each
 */
public record UnitSpace(
    int number,
    int first,
    int size,
    Optional<String> fixed,
    List<String> producers,
    List<String> consumers,
    List<String> vectors,
    boolean heads) {
  public UnitSpace {
    producers = List.copyOf(producers);
    consumers = List.copyOf(consumers);
    vectors = List.copyOf(vectors);
  }

  /** Returns what messages call it: the weights that make its units, joined by {@code " + "}. */
  public String name() {
    if (!producers.isEmpty()) {
      return String.join(" + ", producers);
    }
    return number == 0 ? "input" : "space " + number;
  }

  /** Returns whether a unit, by its number over all spaces, is one of these. */
  public boolean holds(int unit) {
    return unit >= first && unit < first + size;
  }
}

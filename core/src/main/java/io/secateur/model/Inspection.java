package io.secateur.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What a model consists of, layer by layer.
 *
 * @param rows a row per layer, in order, those without parameters included
 */
public record Inspection(List<Row> rows) {
  public Inspection {
    rows = List.copyOf(rows);
  }

  /**
   * A layer.
   *
   * @param kind as files name it: {@code conv2d}
   * @param output the shape of one example's output, as text: {@code 32 x 26 x 26}
   * @param parameters numbers in all its parameters
   * @param nonZeros those of them that are not zero
   * @param weights numbers in its prunable weights
   * @param zeros those of them that are zero
   * @param macs multiply-accumulates of one example, without bias, zeros counted
   */
  public record Row(
      String name,
      String kind,
      String output,
      long parameters,
      long nonZeros,
      long weights,
      long zeros,
      long macs) {

    /** Returns the fraction of the prunable weights that is zero; 0 when there are none. */
    public double sparsity() {
      return weights == 0 ? 0 : (double) zeros / weights;
    }
  }

  /** Inspects an architecture: every number counts as not zero. */
  public static Inspection of(Architecture architecture) {
    return of(architecture, spec -> spec.shape().size());
  }

  /** Inspects a model. */
  public static Inspection of(Checkpoint checkpoint) {
    return of(
        checkpoint.architecture(), spec -> Cells.countNonZero(checkpoint.parameter(spec.name())));
  }

  private static Inspection of(Architecture architecture, ToLongFunction<ParameterSpec> nonZeros) {
    List<Row> rows = new ArrayList<>();
    for (Architecture.Place place : architecture.places()) {
      long parameters = 0;
      long alive = 0;
      long weights = 0;
      long zeros = 0;
      for (ParameterSpec spec : place.parameters()) {
        long size = spec.shape().size();
        long kept = nonZeros.applyAsLong(spec);
        parameters += size;
        alive += kept;
        if (spec.prunable()) {
          weights += size;
          zeros += size - kept;
        }
      }
      rows.add(
          new Row(
              place.layer().name(),
              place.kind(),
              sides(place),
              parameters,
              alive,
              weights,
              zeros,
              place.macs()));
    }
    return new Inspection(rows);
  }

  private static String sides(Architecture.Place place) {
    List<String> sides = new ArrayList<>();
    for (long side : place.output().getShape()) {
      sides.add(Long.toString(side));
    }
    return String.join(" x ", sides);
  }

  /** Returns the sum over all layers, named {@code total}. */
  public Row total() {
    return new Row(
        "total",
        "",
        "",
        sum(Row::parameters),
        sum(Row::nonZeros),
        sum(Row::weights),
        sum(Row::zeros),
        sum(Row::macs));
  }

  private long sum(ToLongFunction<Row> part) {
    return rows.stream().mapToLong(part).sum();
  }
}

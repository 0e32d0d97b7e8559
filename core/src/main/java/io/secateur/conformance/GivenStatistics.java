package io.secateur.conformance;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistics;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Statistics of a weight over two batches of made-up inputs and gradients, as calibration would add
 * them up. What the method's needs leave out is refused.
 */
final class GivenStatistics implements Statistics {
  /** Examples of a batch, and the positions of each: rows are both together. */
  private static final int EXAMPLES = 8;

  private static final int POSITIONS = 2;
  private static final int ROWS = EXAMPLES * POSITIONS;
  private static final int BATCHES = 2;

  private final Map<Statistic, NDArray> totals = new LinkedHashMap<>();

  GivenStatistics(Set<Statistic> needs, NDArray matrix, NDManager manager) {
    for (Statistic statistic : needs) {
      totals.put(statistic, part(statistic, matrix, 0, manager));
      for (int batch = 1; batch < BATCHES; batch++) {
        totals.computeIfPresent(
            statistic, (same, total) -> same.plus(total, part(same, matrix, BATCHES - 1, manager)));
      }
    }
  }

  private static NDArray part(Statistic statistic, NDArray matrix, int batch, NDManager manager) {
    long units = matrix.getShape().get(0);
    NDArray inputs = random(new Shape(ROWS, matrix.getShape().get(1)), 11 + batch, manager);
    NDArray gradient = random(matrix.getShape(), 21 + batch, manager);
    if (statistic instanceof Statistic.OfInputs of) {
      return of.of(inputs);
    }
    if (statistic instanceof Statistic.OfOutputs of) {
      return of.of(inputs.matMul(matrix.transpose()));
    }
    if (statistic instanceof Statistic.OfOutputGradients of) {
      NDArray back = random(new Shape(ROWS, units), 31 + batch, manager);
      return of.of(inputs.matMul(matrix.transpose()), back, EXAMPLES);
    }
    if (statistic instanceof Statistic.OfGradients of) {
      return of.of(gradient);
    }
    return ((Statistic.OfTraining) statistic).of(matrix, gradient);
  }

  private static NDArray random(Shape shape, long seed, NDManager manager) {
    return TrialExamples.floats(WeightCase.random((int) shape.size(), seed, 1), shape, manager);
  }

  @Override
  public NDArray total(Statistic statistic) {
    NDArray total = totals.get(statistic);
    if (total == null) {
      throw new IllegalArgumentException(
          "asks for %s, which its needs() leave out".formatted(statistic));
    }
    return total;
  }

  @Override
  public long count(Statistic statistic) {
    total(statistic);
    boolean rows =
        !(statistic instanceof Statistic.OfGradients || statistic instanceof Statistic.OfTraining);
    return rows ? (long) BATCHES * ROWS : BATCHES;
  }

  /** Returns all totals. */
  Map<Statistic, NDArray> totals() {
    return totals;
  }
}

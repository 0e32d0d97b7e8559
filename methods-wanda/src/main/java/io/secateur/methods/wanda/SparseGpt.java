package io.secateur.methods.wanda;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.calibrate.InverseFactor;
import io.secateur.spi.ReconstructingMethod;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistic.Inputs;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;
import java.util.Set;

/**
 * Prunes columns from left to right and moves the weights behind them so that the layer's outputs
 * change least (Frantar and Alistarh, 2023). Computes in float64.
 *
 * @param damping what is added to the diagonal of the inputs' Gram matrix, as a part of its mean
 * @param blockSize columns whose masks are decided together
 */
public record SparseGpt(double damping, int blockSize) implements ReconstructingMethod {
  public SparseGpt {
    if (!(damping >= 0) || Double.isInfinite(damping)) {
      throw new IllegalArgumentException("damping must be at least 0, was " + damping);
    }
    if (blockSize < 1) {
      throw new IllegalArgumentException("block size must be at least 1, was " + blockSize);
    }
  }

  /** The paper's: damping 0.01, blocks of 128 columns. */
  public SparseGpt() {
    this(.01, 128);
  }

  @Override
  public String name() {
    return "sparsegpt";
  }

  @Override
  public String description() {
    return """
        Prunes a weight column by column and repairs the columns behind, so that the layer's outputs \
        on calibration inputs change least: s = w^2 / U_ii^2, with U the upper Cholesky factor of \
        H^-1, H = 2/N * sum of x x^T over N calibration rows, plus damping * mean of its diagonal on \
        the diagonal. A pruned w in column i moves the rest of its row by -w / U_ii * U[i, i:].
        A block of columns is decided together, by layer or row; under {tile: M} each M columns, on \
        weights already repaired. Inputs that never came get weights of 0.
        H has a row and a column per input: calibration: {order: sequential} keeps that of one layer \
        at a time in memory, and lets each layer see what the pruned ones before it make.
        Why it should work: it solves each layer as a least-squares problem, greedily, with the \
        exact answer for the weights that a column leaves free.
        Frantar and Alistarh, "SparseGPT: Massive Language Models Can be Accurately Pruned in \
        One-Shot", ICML 2023.""";
  }

  @Override
  public Set<Statistic> needs() {
    return Set.of(Inputs.GRAM);
  }

  @Override
  public NDArray reconstruct(Weight weight, Statistics statistics, Selector selector) {
    int columns = Math.toIntExact(weight.matrix().getShape().get(1));
    int together = Math.min(selector.width(), columns);
    // Whole tiles only: a block that ended within one could not decide it.
    int block = together == columns ? blockSize : Math.max(1, blockSize / together) * together;
    NDManager manager = weight.matrix().getManager();
    NDArray matrix = weight.matrix().toType(DataType.FLOAT64, true);
    try (NDArray factor = factor(weight.name(), matrix, statistics)) {
      for (int first = 0; first < columns; first += block) {
        int end = Math.min(columns, first + block);
        Columns pruned = prune(matrix, factor, first, end, together, selector);
        Shape shape = new Shape(matrix.getShape().get(0), end - first);
        try (NDArray own = manager.create(pruned.weights(), shape)) {
          matrix.set(columns(first, end), own);
        }
        if (end < columns) {
          NDIndex behind = new NDIndex().addSliceDim(first, end).addSliceDim(end, columns);
          try (NDArray errors = manager.create(pruned.errors(), shape);
              NDArray ofErrors = factor.get(behind);
              NDArray moves = errors.matMul(ofErrors);
              NDArray rest = matrix.get(columns(end, columns));
              NDArray repaired = rest.sub(moves)) {
            matrix.set(columns(end, columns), repaired);
          }
        }
      }
    }
    return matrix.toType(DataType.FLOAT32, true);
  }

  private static NDIndex columns(int first, int end) {
    return new NDIndex().addAllDim().addSliceDim(first, end);
  }

  private static Columns prune(
      NDArray matrix, NDArray factor, int first, int end, int together, Selector selector) {
    Columns block;
    NDIndex own = new NDIndex().addSliceDim(first, end).addSliceDim(first, end);
    try (NDArray weights = matrix.get(columns(first, end));
        NDArray ofErrors = factor.get(own)) {
      block =
          new Columns(InverseFactor.numbers(weights), InverseFactor.numbers(ofErrors), end - first);
    }
    for (int at = 0; at < end - first; at += together) {
      int next = Math.min(end - first, at + together);
      Shape shape = new Shape(matrix.getShape().get(0), next - at);
      try (NDArray scores = matrix.getManager().create(block.scores(at, next), shape);
          NDArray kept = selector.keep(scores, first + at)) {
        block.prune(at, next, kept.toBooleanArray());
      }
    }
    return block;
  }

  /** Returns U, and sets weights of inputs that never came to 0. */
  private NDArray factor(String name, NDArray matrix, Statistics statistics) {
    NDManager manager = matrix.getManager();
    int columns = Math.toIntExact(matrix.getShape().get(1));
    try (NDArray hessian = statistics.total(Inputs.GRAM).toType(DataType.FLOAT64, true)) {
      hessian.muli(2.0 / statistics.count(Inputs.GRAM));
      double[] added = InverseFactor.diagonal(hessian);
      double[] came = new double[columns];
      double sum = 0;
      for (int i = 0; i < columns; i++) {
        came[i] = added[i] == 0 ? 0 : 1;
        sum += added[i] == 0 ? 1 : added[i];
      }
      for (int i = 0; i < columns; i++) {
        added[i] = damping * sum / columns + 1 - came[i];
      }
      try (NDArray alive = manager.create(came);
          NDArray plus = manager.create(added);
          NDArray unit = manager.eye(columns, columns, 0, DataType.FLOAT64)) {
        matrix.muli(alive);
        hessian.addi(unit.muli(plus));
      }
      return InverseFactor.of(hessian);
    } catch (IllegalArgumentException fault) {
      throw new IllegalArgumentException(
          "sparsegpt: what goes into %s gives a Gram matrix that is %s; raise damping, now %s, or show"
                  .formatted(name, fault.getMessage(), damping)
              + " more examples",
          fault);
    }
  }
}

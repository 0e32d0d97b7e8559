package io.secateur.calibrate;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.secateur.benchmarks.Numbers;
import io.secateur.spi.Statistic;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One batch's part of a statistic of inputs, and its sum with those before. */
@State(Scope.Benchmark)
public class StatisticBenchmark {
  /** Rows of a batch: examples and positions. */
  public static final int ROWS = 2048;

  /** Columns: what a layer takes. */
  public static final int COLUMNS = 2048;

  /** A name of {@link Statistic.Inputs}. */
  @Param("SQUARED_NORM")
  public String work = "";

  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
  private final NDArray inputs =
      manager.create(Numbers.uniform(1, ROWS * COLUMNS), new Shape(ROWS, COLUMNS)).duplicate();
  private Statistic.Inputs statistic = Statistic.Inputs.SQUARED_NORM;
  private Totals totals = new Totals("fc.weight", manager);

  /** Begins sums. */
  @Setup(Level.Trial)
  public void make() {
    statistic = Statistic.Inputs.valueOf(work);
    totals = new Totals("fc.weight", manager);
  }

  /** Adds a batch. */
  @Benchmark
  public void add() {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      totals.add(statistic, statistic.of(inputs), ROWS);
    }
  }

  /** Frees inputs and sums. */
  @TearDown(Level.Trial)
  public void close() {
    manager.close();
  }
}

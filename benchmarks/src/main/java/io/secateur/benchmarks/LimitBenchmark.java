package io.secateur.benchmarks;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What this machine can do at best: reading memory once, and the engine's own product of matrices.
 */
public class LimitBenchmark {
  static final int NUMBERS = 100_000_000;
  static final int SIDE = 2048;

  /** 400 MB that no cache holds. */
  @State(Scope.Benchmark)
  public static class Memory {
    final int[] numbers = new int[NUMBERS];

    /** Touches every page. */
    @Setup(Level.Trial)
    public void fill() {
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = i;
      }
    }
  }

  /** Two matrices. */
  @State(Scope.Benchmark)
  public static class Matrices {
    @Param("FLOAT32")
    public String work = "";

    final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
    NDArray matrix = manager.create(0f);

    /** Makes them. */
    @Setup(Level.Trial)
    public void fill() {
      matrix = manager.create(Numbers.uniform(1, SIDE * SIDE), new Shape(SIDE, SIDE));
      matrix = matrix.toType(DataType.valueOf(work), true);
    }

    /** Frees them. */
    @TearDown(Level.Trial)
    public void close() {
      manager.close();
    }
  }

  /** Reads with all cores. */
  @Benchmark
  public int readWithAllCores(Memory memory) {
    // Shares much smaller than a core's, so that a core that is interrupted holds up nobody.
    int shares = 64;
    return IntStream.range(0, shares)
        .parallel()
        .map(
            i ->
                sum(
                    memory.numbers,
                    (int) ((long) NUMBERS * i / shares),
                    (int) ((long) NUMBERS * (i + 1) / shares)))
        .sum();
  }

  /** Reads with one core. */
  @Benchmark
  public int readWithOneCore(Memory memory) {
    return sum(memory.numbers, 0, NUMBERS);
  }

  // One number of every 64 bytes, which is how much comes from memory at once: to add all of them
  // up
  // takes longer than to get them.
  private static int sum(int[] numbers, int first, int end) {
    int sum = 0;
    for (int i = first; i < end; i += 16) {
      sum += numbers[i];
    }
    return sum;
  }

  /** Multiplies. */
  @Benchmark
  public void product(Matrices matrices) {
    matrices.matrix.matMul(matrices.matrix).close();
  }
}

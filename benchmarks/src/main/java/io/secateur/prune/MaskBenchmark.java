package io.secateur.prune;

import ai.djl.ndarray.types.Shape;
import io.secateur.benchmarks.Numbers;
import io.secateur.model.Tensor;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Mask;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Masks at work: zeros written, and counted. */
@State(Scope.Benchmark)
public class MaskBenchmark {
  /** How many weights. */
  @Param("10000000")
  public String work = "";

  private Mask mask = Mask.dense(Form.of(1));
  private Tensor tensor = Tensor.zeros(new Shape(1));
  private FloatBuffer memory = FloatBuffer.allocate(0);

  /** Makes a weight, half of whose cells are pruned in no order. */
  @Setup(Level.Trial)
  public void make() {
    int count = Integer.parseInt(work);
    float[] numbers = Numbers.distinct(0, count);
    mask = Mask.of(Form.of(count), cell -> (Float.floatToRawIntBits(numbers[(int) cell]) & 2) == 0);
    tensor = Tensor.of(new Shape(count), numbers);
    memory =
        ByteBuffer.allocateDirect(Float.BYTES * count)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer()
            .put(numbers)
            .flip();
  }

  /** Writes zeros into memory of the engine's kind. */
  @Benchmark
  public void zero() {
    mask.zero(memory, 0);
  }

  /** Copies a tensor with zeros. */
  @Benchmark
  public Tensor masked() {
    return tensor.masked(mask);
  }

  /** Finds out which cells are not zero. */
  @Benchmark
  public Mask ofNonZero() {
    return Mask.ofNonZero(mask.form(), tensor);
  }

  /** Counts pruned cells that are not zero. */
  @Benchmark
  public long revived() {
    return mask.revived(memory, 0);
  }
}

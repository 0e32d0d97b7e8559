package io.secateur.prune;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.benchmarks.Numbers;
import io.secateur.methods.wanda.SparseGpt;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Linear;
import io.secateur.model.Tensor;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.spi.Statistics;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** SparseGPT on one square weight by a Gram matrix at hand: half of every layer goes. */
@State(Scope.Benchmark)
public class SparseGptBenchmark {
  /** Rows and columns. */
  @Param("512")
  public String work = "";

  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
  private NDArray gram = manager.create(0f);
  private Checkpoint model = Numbers.squares(64, false);

  /** Makes a weight, and the Gram matrix of twice as many inputs as it has columns. */
  @Setup(Level.Trial)
  public void make() {
    int side = Integer.parseInt(work);
    Tensor weight = Tensor.of(new Shape(side, side), Numbers.uniform(1, side * side));
    model =
        new Checkpoint(
            new Architecture(new Shape(side), List.of(new Linear("fc", side, false))),
            Map.of("fc.weight", weight));
    NDArray inputs =
        manager.create(Numbers.uniform(2, 2 * side * side), new Shape(2L * side, side)).duplicate();
    gram = inputs.transpose().matMul(inputs);
  }

  /** Prunes and repairs. */
  @Benchmark
  public Object repair() {
    WeightMatrix weight = new WeightMatrix(model, "fc.weight", new Granularity.Element(), 1);
    Statistics statistics = new AtHand(gram, 2L * weight.form().columns());
    return new Reconstruction(new SparseGpt(), new io.secateur.sparsity.Scope.Layer())
        .of(
            weight,
            model.parameter("fc.weight").shape(),
            model.mask("fc.weight"),
            Amount.of(0.5),
            statistics,
            manager);
  }

  /** Frees the Gram matrix. */
  @TearDown(Level.Trial)
  public void close() {
    manager.close();
  }
}

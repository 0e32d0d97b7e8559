package io.secateur.prune;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.benchmarks.Numbers;
import io.secateur.methods.wanda.Wanda;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Linear;
import io.secateur.model.Tensor;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Pattern;
import io.secateur.sparsity.Scores;
import io.secateur.sparsity.Selection;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Wanda's scores and masks of one weight of a large language model, as a prune stage makes them.
 */
@State(Scope.Benchmark)
public class WandaBenchmark {
  /** Output features. */
  public static final int ROWS = 4096;

  /** Input features. */
  public static final int COLUMNS = 11008;

  private static final Granularity ELEMENT = new Granularity.Element();
  private static final String NAME = "down.weight";

  /** {@code row} or {@code tile}. */
  @Param("row")
  public String work = "";

  private final NDManager manager = NDManager.newBaseManager(Device.cpu(), "PyTorch");
  private NDArray norms = manager.create(0f);
  private Checkpoint model = Numbers.squares(64, false);
  private Pattern pattern = new Pattern(ELEMENT, new io.secateur.sparsity.Scope.Row());

  /** Makes the weight. */
  @Setup(Level.Trial)
  public void make() {
    make(ROWS, COLUMNS);
  }

  void make(int rows, int columns) {
    norms = manager.create(Numbers.uniform(2, columns), new Shape(columns)).square();
    Tensor weight = Tensor.of(new Shape(rows, columns), Numbers.distinct(0, rows * columns));
    model =
        new Checkpoint(
            new Architecture(new Shape(columns), List.of(new Linear("down", rows, false))),
            Map.of(NAME, weight));
    if (work.equals("tile")) {
      pattern = new Pattern(ELEMENT, new io.secateur.sparsity.Scope.Tile(4));
    }
  }

  /** Scores and selects. */
  @Benchmark
  public Selection.Outcome masks() {
    try (NDManager own = manager.newSubManager()) {
      Scoring scoring = new Scoring(new Wanda(), ELEMENT, Scoring.BLOCK);
      WeightMatrix weight = new WeightMatrix(model, NAME, ELEMENT, 1);
      Scores scores = scoring.of(weight, new AtHand(norms, 1), own);
      return Selection.select(
          pattern,
          List.of(new Selection.Candidate(NAME, model.mask(NAME), scores, Amount.of(0.5))));
    }
  }

  /** Frees the norms. */
  @TearDown(Level.Trial)
  public void close() {
    manager.close();
  }
}

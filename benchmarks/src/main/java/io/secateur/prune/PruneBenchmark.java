package io.secateur.prune;

import io.secateur.benchmarks.Numbers;
import io.secateur.benchmarks.Task;
import io.secateur.calibrate.Calibration;
import io.secateur.methods.magnitude.L1;
import io.secateur.methods.structured.LnStructured;
import io.secateur.model.Checkpoint;
import io.secateur.model.ParameterSpec;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Limits;
import io.secateur.spi.ScoringMethod;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What a study's prune stage does by magnitude: scores, masks, and the weights with zeros. */
@State(Scope.Benchmark)
public class PruneBenchmark {
  private static final String SMALLEST = "global/1000000/50/distinct/first";

  /** See {@link Task}. */
  @Param(SMALLEST)
  public String work = "";

  private Task task = Task.of(SMALLEST);
  private Checkpoint model = Numbers.squares(64, false);

  /** Makes four weights. */
  @Setup(Level.Trial)
  public void make() throws IOException {
    task = Task.of(work);
    model = Numbers.squares(task.cells(), task.ties());
    if (task.second()) {
      model = prune(task.before()).checkpoint();
    }
  }

  /** Prunes. */
  @Benchmark
  public Pruned prune() throws IOException {
    return prune(task.amount());
  }

  private Pruned prune(Amount amount) throws IOException {
    Map<String, Amount> amounts = new LinkedHashMap<>();
    for (ParameterSpec spec : model.architecture().parameters()) {
      amounts.put(spec.name(), amount);
    }
    ScoringMethod method = task.scope().equals("filter") ? new LnStructured(1) : new L1();
    return Pruner.prune(
        model,
        new Pruning(method, task.pattern(), amounts, new Calibration(), Limits.NONE),
        new Alone());
  }
}

package io.secateur.prune;

import ai.djl.ndarray.NDManager;
import io.secateur.calibrate.Calibrator;
import io.secateur.model.Checkpoint;
import io.secateur.model.ParameterSpec;
import io.secateur.model.Tensor;
import io.secateur.prune.Pruned.Count;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Mask;
import io.secateur.sparsity.Pattern;
import io.secateur.sparsity.Scope;
import io.secateur.sparsity.Scores;
import io.secateur.sparsity.Selection;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.ReconstructingMethod;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import io.secateur.spi.Statistics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Prunes checkpoints. All masks are decided and checked before one is applied: a checkpoint comes
 * out whole or an error does, and the one given stays as it is.
 *
 * <p>Without global scope a weight's scores live only until that weight is decided. Under global
 * scope those of all weights live at once, four bytes for each.
 */
public final class Pruner {
  private Pruner() {}

  /**
   * Prunes by a method.
   *
   * @param context gives the examples for calibration, the seeds, the device; hears of progress
   * @throws IllegalArgumentException when the pruning is impossible, or a score is NaN; names the
   *     weight
   */
  public static Pruned prune(Checkpoint model, Pruning pruning, Stage.Context context)
      throws IOException {
    return prune(model, pruning, context, Scoring.BLOCK);
  }

  /** Prunes with as many cells in a block of rows. */
  static Pruned prune(Checkpoint model, Pruning pruning, Stage.Context context, int block)
      throws IOException {
    PruningMethod method = pruning.method();
    require(pruning.faults(model.architecture()));
    List<String> names = ordered(model, pruning.amounts());
    try (NDManager manager = NDManager.newBaseManager(context.device(), "PyTorch")) {
      Map<String, Statistics> statistics = statistics(model, pruning, names, context, manager);
      if (method instanceof ScoringMethod scoring) {
        return scored(model, pruning, names, statistics, context, manager, scoring, block);
      }
      Reconstruction reconstruction =
          new Reconstruction((ReconstructingMethod) method, pruning.pattern().scope());
      Map<String, Tensor> parameters = new LinkedHashMap<>(model.parameters());
      Map<String, Mask> masks = new LinkedHashMap<>();
      List<String> warnings = new ArrayList<>();
      for (String name : names) {
        context.progress(masks.size(), names.size());
        Reconstruction.Outcome outcome =
            reconstruction.of(
                new WeightMatrix(model, name, pruning.pattern().granularity(), seed(context, name)),
                model.parameter(name).shape(),
                model.mask(name),
                amount(pruning.amounts(), name),
                statistics.getOrDefault(name, Calibrator.none(name, manager)),
                manager);
        parameters.put(name, outcome.weight());
        masks.put(name, outcome.mask());
        warnings.addAll(outcome.warnings());
      }
      context.progress(names.size(), names.size());
      return applied(
          model,
          model.withParameters(parameters),
          pruning.pattern(),
          pruning.amounts(),
          new Selection.Outcome(masks, warnings));
    }
  }

  /**
   * Prunes by scores that are at hand.
   *
   * @param amounts by the names of the weights that take part
   * @param scores of each of them: as for {@link Selection.Candidate}
   */
  public static Pruned prune(
      Checkpoint model,
      Pattern pattern,
      Map<String, Amount> amounts,
      Map<String, ? extends Scores> scores) {
    require(Counts.faults(model.architecture(), pattern, amounts));
    List<Selection.Candidate> candidates = new ArrayList<>();
    for (String name : ordered(model, amounts)) {
      Scores own = scores.get(name);
      if (own == null) {
        throw new IllegalArgumentException("no scores were given for " + name);
      }
      candidates.add(candidate(model, name, own, amounts));
    }
    return applied(model, model, pattern, amounts, Selection.select(pattern, candidates));
  }

  private static Pruned scored(
      Checkpoint model,
      Pruning pruning,
      List<String> names,
      Map<String, Statistics> statistics,
      Stage.Context context,
      NDManager manager,
      ScoringMethod method,
      int block) {
    Pattern pattern = pruning.pattern();
    boolean global = pattern.scope() instanceof Scope.Global;
    Scoring scoring = new Scoring(method, pattern.granularity(), block);
    List<Selection.Candidate> pool = new ArrayList<>();
    Map<String, Mask> masks = new LinkedHashMap<>();
    List<String> warnings = new ArrayList<>();
    long done = 0;
    for (String name : names) {
      context.progress(done++, names.size());
      NDManager own = manager.newSubManager();
      Scores scores =
          scoring.of(
              new WeightMatrix(model, name, pattern.granularity(), seed(context, name)),
              statistics.getOrDefault(name, Calibrator.none(name, manager)),
              own);
      pool.add(candidate(model, name, scores, pruning.amounts()));
      if (!global || done == names.size()) {
        Selection.Outcome outcome = Selection.select(pattern, pool);
        masks.putAll(outcome.masks());
        warnings.addAll(outcome.warnings());
        pool.clear();
        own.close();
      }
    }
    context.progress(names.size(), names.size());
    return applied(
        model, model, pattern, pruning.amounts(), new Selection.Outcome(masks, warnings));
  }

  private static Map<String, Statistics> statistics(
      Checkpoint model,
      Pruning pruning,
      List<String> names,
      Stage.Context context,
      NDManager manager)
      throws IOException {
    return pruning.method().needs().isEmpty()
        ? Map.of()
        : Calibrator.gather(
            model,
            pruning.method().needs(),
            names,
            pruning.calibration(),
            context.data(Split.TRAIN),
            context.task(),
            context.seed("calibrate"),
            manager);
  }

  /** Applies masks by choice of +0.0, and counts. */
  private static Pruned applied(
      Checkpoint before,
      Checkpoint reconstructed,
      Pattern pattern,
      Map<String, Amount> amounts,
      Selection.Outcome outcome) {
    Map<String, Tensor> parameters = new LinkedHashMap<>(reconstructed.parameters());
    Map<String, Mask> masks = new LinkedHashMap<>(before.masks());
    List<Count> counts = new ArrayList<>();
    outcome
        .masks()
        .forEach(
            (name, mask) -> {
              parameters.put(name, Masking.masked(reconstructed.parameter(name), mask));
              masks.put(name, mask);
              OptionalDouble requested =
                  pattern.scope() instanceof Scope.Global
                      ? OptionalDouble.empty()
                      : Counts.requested(pattern, amount(amounts, name), before.mask(name));
              counts.add(new Count(name, requested, mask.pruned(), mask.form().size()));
            });
    Checkpoint pruned = before.withParameters(parameters).withMasks(masks);
    return new Pruned(
        pruned, counts, Counts.requested(before, pattern, amounts, counts), outcome.warnings());
  }

  private static Selection.Candidate candidate(
      Checkpoint model, String name, Scores scores, Map<String, Amount> amounts) {
    return new Selection.Candidate(name, model.mask(name), scores, amount(amounts, name));
  }

  /** Returns the weights that take part in the model's order, after which ties are decided. */
  private static List<String> ordered(Checkpoint model, Map<String, Amount> amounts) {
    amounts.keySet().forEach(model.architecture()::parameter);
    return model.architecture().parameters().stream()
        .map(ParameterSpec::name)
        .filter(amounts::containsKey)
        .toList();
  }

  private static Amount amount(Map<String, Amount> amounts, String name) {
    Amount amount = amounts.get(name);
    if (amount == null) {
      throw new IllegalArgumentException("no amount was given for " + name);
    }
    return amount;
  }

  private static long seed(Stage.Context context, String name) {
    return context.seed("random " + name);
  }

  private static void require(List<String> faults) {
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
  }
}

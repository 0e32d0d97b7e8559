package io.secateur.prune;

import ai.djl.ndarray.NDManager;
import io.secateur.calibrate.Calibrator;
import io.secateur.model.Checkpoint;
import io.secateur.model.Tensor;
import io.secateur.sparsity.Mask;
import io.secateur.sparsity.Pattern;
import io.secateur.sparsity.Scope;
import io.secateur.sparsity.Scores;
import io.secateur.sparsity.Selection;
import io.secateur.sparsity.Selection.Candidate;
import io.secateur.spi.ReconstructingMethod;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Has a method decide the masks of some weights, weight by weight, in the model's order. */
final class Decision {
  private final Checkpoint model;
  private final Pruning pruning;
  private final List<String> names;
  private final Stage.Context context;
  private final int block;
  private final Map<String, Mask> masks = new LinkedHashMap<>();
  private final Map<String, Tensor> parameters;
  private final List<String> warnings = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  /**
   * A decision to be made.
   *
   * @param block the cells of a block of rows
   */
  Decision(
      Checkpoint model, Pruning pruning, List<String> names, Stage.Context context, int block) {
    this.model = model;
    this.pruning = pruning;
    this.names = names;
    this.context = context;
    this.block = block;
    this.parameters = new LinkedHashMap<>(model.parameters());
  }

  /** What was decided, and the weights as the method left them. */
  record Decided(Checkpoint repaired, Selection.Outcome outcome) {}

  Decided decide() throws IOException {
    try (NDManager manager = NDManager.newBaseManager(context.device(), "PyTorch")) {
      Map<String, Statistics> statistics = statistics(manager);
      if (pruning.method() instanceof ScoringMethod method) {
        rank(method, statistics, manager);
      } else {
        repair((ReconstructingMethod) pruning.method(), statistics, manager);
      }
    }
    context.progress(names.size(), names.size());
    return new Decided(
        model.withParameters(parameters), new Selection.Outcome(masks, warnings, notes));
  }

  /** Returns what the method may see of each weight. */
  Map<String, Statistics> statistics(NDManager manager) throws IOException {
    Map<String, Statistics> statistics = new LinkedHashMap<>(calibrated(manager));
    statistics.replaceAll(
        (name, gathered) -> new TrainingSums(name, model.training(), gathered, manager));
    return statistics;
  }

  private Map<String, Statistics> calibrated(NDManager manager) throws IOException {
    Set<Statistic> needs = TrainingSums.calibrated(pruning.method());
    if (needs.isEmpty()) {
      Map<String, Statistics> none = new LinkedHashMap<>();
      names.forEach(name -> none.put(name, Calibrator.none(name, manager)));
      return none;
    }
    return Calibrator.gather(
        model,
        needs,
        names,
        pruning.calibration(),
        context.data(Split.TRAIN),
        context.task(),
        context.seed("calibrate"),
        manager,
        pruning.pattern().granularity().coupled());
  }

  private void rank(ScoringMethod method, Map<String, Statistics> statistics, NDManager manager) {
    Pattern pattern = pruning.pattern();
    boolean global = pattern.scope() instanceof Scope.Global;
    Scoring scoring = new Scoring(method, pattern.granularity(), block);
    List<Candidate> pool = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      context.progress(i, names.size());
      NDManager own = manager.newSubManager();
      Scores scores = scoring.of(weight(name), of(statistics, name), own);
      pool.add(new Candidate(name, model.mask(name), scores, of(pruning.amounts(), name)));
      if (!global || i == names.size() - 1) {
        Selection.Outcome outcome = Selection.select(pattern, pool, pruning.limits());
        masks.putAll(outcome.masks());
        warnings.addAll(outcome.warnings());
        notes.addAll(outcome.notes());
        pool.clear();
        own.close();
      }
    }
  }

  private void repair(
      ReconstructingMethod method, Map<String, Statistics> statistics, NDManager manager) {
    Reconstruction reconstruction = new Reconstruction(method, pruning.pattern().scope());
    for (String name : names) {
      context.progress(masks.size(), names.size());
      Reconstruction.Outcome outcome =
          reconstruction.of(
              weight(name),
              model.parameter(name).shape(),
              model.mask(name),
              of(pruning.amounts(), name),
              of(statistics, name),
              manager);
      parameters.put(name, outcome.weight());
      masks.put(name, outcome.mask());
      warnings.addAll(outcome.warnings());
    }
  }

  private WeightMatrix weight(String name) {
    long seed = context.seed("random " + name);
    return new WeightMatrix(model, name, pruning.pattern().granularity(), seed);
  }

  private static <V> V of(Map<String, V> values, String name) {
    V value = values.get(name);
    if (value == null) {
      throw new IllegalStateException("nothing is known of " + name);
    }
    return value;
  }
}

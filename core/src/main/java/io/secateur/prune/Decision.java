package io.secateur.prune;

import ai.djl.ndarray.NDManager;
import io.secateur.calibrate.Calibrator;
import io.secateur.calibrate.Walk;
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
      if (pruning.walks()) {
        walk(manager);
      } else {
        decide(names, statistics(manager), manager);
      }
    }
    context.progress(names.size(), names.size());
    return new Decided(
        model.withParameters(parameters), new Selection.Outcome(masks, warnings, notes));
  }

  /** Decides each weight by what reaches it through those decided before. */
  private void walk(NDManager manager) throws IOException {
    Walk.through(
        model,
        TrainingSums.calibrated(pruning.method()),
        names,
        pruning.calibration(),
        context.data(Split.TRAIN),
        context.seed("calibrate"),
        manager,
        gathered -> {
          List<String> some = List.copyOf(gathered.keySet());
          decide(some, withTraining(gathered, manager), manager);
          Map<String, Tensor> changed = new LinkedHashMap<>();
          some.forEach(name -> changed.put(name, of(parameters, name).masked(of(masks, name))));
          return changed;
        });
  }

  private void decide(List<String> some, Map<String, Statistics> statistics, NDManager manager) {
    if (pruning.method() instanceof ScoringMethod method) {
      rank(method, some, statistics, manager);
    } else {
      repair((ReconstructingMethod) pruning.method(), some, statistics, manager);
    }
  }

  /** Returns what the method may see of each weight. */
  Map<String, Statistics> statistics(NDManager manager) throws IOException {
    return withTraining(calibrated(manager), manager);
  }

  private Map<String, Statistics> withTraining(
      Map<String, Statistics> calibrated, NDManager manager) {
    Map<String, Statistics> statistics = new LinkedHashMap<>(calibrated);
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

  private void rank(
      ScoringMethod method,
      List<String> some,
      Map<String, Statistics> statistics,
      NDManager manager) {
    Pattern pattern = pruning.pattern();
    boolean global = pattern.scope() instanceof Scope.Global;
    Scoring scoring = new Scoring(method, pattern.granularity(), block);
    List<Candidate> pool = new ArrayList<>();
    for (int i = 0; i < some.size(); i++) {
      String name = some.get(i);
      context.progress(masks.size() + pool.size(), names.size());
      NDManager own = manager.newSubManager();
      Scores scores = scoring.of(weight(name), of(statistics, name), own);
      pool.add(new Candidate(name, model.mask(name), scores, of(pruning.amounts(), name)));
      if (!global || i == some.size() - 1) {
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
      ReconstructingMethod method,
      List<String> some,
      Map<String, Statistics> statistics,
      NDManager manager) {
    Reconstruction reconstruction = new Reconstruction(method, pruning.pattern().scope());
    for (String name : some) {
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

package io.secateur.prune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.secateur.model.Checkpoint;
import io.secateur.model.UnitSpace;
import io.secateur.prune.Pruned.Count;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Granularity.Axis;
import io.secateur.sparsity.Mask;
import io.secateur.sparsity.Pattern;
import io.secateur.sparsity.Scope;
import io.secateur.sparsity.Scores;
import io.secateur.sparsity.Selection;
import io.secateur.spi.ScoringMethod;
import io.secateur.spi.Stage;
import io.secateur.spi.Statistics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalDouble;

/**
 * Prunes whole units of the network: a unit's rows in the weights that make it, its bias, scale and
 * shift, and what meets it in the weights that take it. So it is exactly 0 behind every layer that
 * keeps zeros, and nothing looks at it behind one that does not.
 */
final class CoupledPruning {
  private final Checkpoint model;
  private final Pruning pruning;
  private final Spaces spaces;
  private final Stage.Context context;

  CoupledPruning(Checkpoint model, Pruning pruning, Stage.Context context) {
    this.model = model;
    this.pruning = pruning;
    this.spaces = Spaces.of(model.architecture(), pruning);
    this.context = context;
  }

  Pruned prune() throws IOException {
    Map<UnitSpace, Mask> before = new LinkedHashMap<>();
    try (NDManager manager = NDManager.newBaseManager(context.device(), "PyTorch")) {
      Map<String, Statistics> statistics =
          new Decision(model, pruning, judged(), context, Scoring.BLOCK).statistics(manager);
      List<Selection.Candidate> pool = new ArrayList<>();
      for (UnitSpace space : spaces.amounts().keySet()) {
        context.progress(before.size(), spaces.amounts().size());
        SpaceMatrix matrix = new SpaceMatrix(model, spaces.coupling(), space, granularity());
        before.put(space, matrix.remaining());
        pool.add(
            new Selection.Candidate(
                space.name(),
                matrix.remaining(),
                scores(space, matrix, statistics, manager),
                Objects.requireNonNull(spaces.amounts().get(space))));
      }
      // One row of one cell for each unit.
      Pattern rows = new Pattern(new Granularity.Slice(Axis.OUTPUT), pruning.pattern().scope());
      Pruned pruned = applied(before, Selection.select(rows, pool, pruning.limits()));
      context.progress(before.size(), before.size());
      return pruned;
    }
  }

  private Granularity granularity() {
    return pruning.pattern().granularity();
  }

  private List<String> judged() {
    return spaces.amounts().keySet().stream()
        .flatMap(space -> SpaceMatrix.judged(granularity(), space).stream())
        .distinct()
        .toList();
  }

  private Scores scores(
      UnitSpace space, SpaceMatrix matrix, Map<String, Statistics> statistics, NDManager manager) {
    ScoringMethod method = (ScoringMethod) pruning.method();
    try (NDScope scope = new NDScope();
        NDManager own = manager.newSubManager()) {
      scope.suppressNotUsedWarning();
      NDArray scores =
          method.scores(
              matrix.weight(context.seed("random " + space.name()), own),
              matrix.statistics(statistics, own));
      ScoreShapes.check(scores, method.name(), space.name(), matrix.form(), granularity());
      float[] given = scores.toFloatArray();
      return Scores.of(given.length == space.size() ? given : matrix.sums(given));
    }
  }

  private Pruned applied(Map<UnitSpace, Mask> before, Selection.Outcome outcome) {
    boolean global = pruning.pattern().scope() instanceof Scope.Global;
    BitSet gone = new BitSet();
    List<Count> units = new ArrayList<>();
    List<String> warnings = new ArrayList<>(outcome.warnings());
    before.forEach(
        (space, had) -> {
          Mask kept = Objects.requireNonNull(outcome.masks().get(space.name()));
          for (int unit = 0; unit < space.size(); unit++) {
            gone.set(space.first() + unit, !kept.keeps(unit));
          }
          OptionalDouble requested =
              global
                  ? OptionalDouble.empty()
                  : Counts.requested(
                      Objects.requireNonNull(spaces.amounts().get(space)),
                      had.sparsity(),
                      space.size(),
                      1);
          units.add(new Count(space.name(), requested, kept.pruned(), space.size()));
        });
    spaces
        .coupling()
        .makers()
        .forEach(
            (weight, made) -> {
              made.andNot(gone);
              if (made.isEmpty()) {
                warnings.add(
                    "%s: all its units are pruned, and what follows sees nothing of them"
                        .formatted(weight));
              }
            });
    Map<String, Mask> changed = new LinkedHashMap<>(spaces.coupling().masks(gone));
    changed.replaceAll((name, mask) -> model.mask(name).and(mask));
    Map<String, Mask> masks = new LinkedHashMap<>(model.masks());
    masks.putAll(changed);
    Checkpoint pruned =
        model.withParameters(Zeros.written(model.parameters(), changed)).withMasks(masks);
    List<Count> counts = new ArrayList<>();
    for (String name : pruning.amounts().keySet()) {
      Mask mask = pruned.mask(name);
      counts.add(new Count(name, OptionalDouble.empty(), mask.pruned(), mask.form().size()));
    }
    return new Pruned(pruned, counts, OptionalDouble.empty(), warnings, units, outcome.notes());
  }
}

package io.secateur.prune;

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
import io.secateur.spi.Stage;
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
 * scope those of all weights live at once, four bytes for each, but for those of single cells whose
 * rows do not depend on each other: these are made whenever they are read, and not kept.
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
    require(pruning.faults(model.architecture()));
    if (pruning.pattern().granularity().coupled()) {
      return new CoupledPruning(model, pruning, context).prune();
    }
    List<String> names = ordered(model, pruning.amounts());
    Decision.Decided decided = new Decision(model, pruning, names, context, block).decide();
    return applied(
        model, decided.repaired(), pruning.pattern(), pruning.amounts(), decided.outcome());
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
    if (pattern.granularity().coupled()) {
      throw new IllegalArgumentException(
          "scores at hand are those of single weights; use granularity slice, not " + pattern);
    }
    require(Counts.faults(model.architecture(), pattern, amounts));
    List<Selection.Candidate> candidates = new ArrayList<>();
    for (String name : ordered(model, amounts)) {
      Scores own = scores.get(name);
      if (own == null) {
        throw new IllegalArgumentException("no scores were given for " + name);
      }
      candidates.add(new Selection.Candidate(name, model.mask(name), own, amount(amounts, name)));
    }
    return applied(model, model, pattern, amounts, Selection.select(pattern, candidates));
  }

  /**
   * Prunes by masks that are at hand: what they do not keep is pruned too, beside what was pruned
   * before.
   *
   * @param masks by the names of parameters of the model
   * @throws IllegalArgumentException when a mask is not one of the model's parameters, in name and
   *     form
   */
  public static Pruned prune(Checkpoint model, Map<String, Mask> masks) {
    Map<String, Mask> changed = new LinkedHashMap<>();
    List<Count> counts = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    for (ParameterSpec spec : model.architecture().parameters()) {
      String name = spec.name();
      Mask given = masks.get(name);
      if (given != null) {
        Mask both = model.mask(name).and(given);
        changed.put(name, both);
        counts.add(new Count(name, OptionalDouble.empty(), both.pruned(), both.form().size()));
        if (both.survivors() == 0) {
          warnings.add(name + ": all its cells are pruned, and what follows sees nothing of them");
        }
      }
    }
    masks.keySet().forEach(model.architecture()::parameter);
    Map<String, Mask> united = new LinkedHashMap<>(model.masks());
    united.putAll(changed);
    Checkpoint pruned =
        model.withParameters(Zeros.written(model.parameters(), changed)).withMasks(united);
    return new Pruned(pruned, counts, OptionalDouble.empty(), warnings, List.of(), List.of());
  }

  /** Applies masks by choice of +0.0, and counts. */
  private static Pruned applied(
      Checkpoint before,
      Checkpoint repaired,
      Pattern pattern,
      Map<String, Amount> amounts,
      Selection.Outcome outcome) {
    Map<String, Mask> masks = new LinkedHashMap<>(before.masks());
    masks.putAll(outcome.masks());
    List<Count> counts = new ArrayList<>();
    outcome
        .masks()
        .forEach(
            (name, mask) -> {
              OptionalDouble requested =
                  pattern.scope() instanceof Scope.Global
                      ? OptionalDouble.empty()
                      : Counts.requested(pattern, amount(amounts, name), before.mask(name));
              counts.add(new Count(name, requested, mask.pruned(), mask.form().size()));
            });
    Map<String, Tensor> parameters = Zeros.written(repaired.parameters(), outcome.masks());
    Checkpoint pruned = before.withParameters(parameters).withMasks(masks);
    return new Pruned(
        pruned,
        counts,
        Counts.requested(before, pattern, amounts, counts),
        outcome.warnings(),
        List.of(),
        outcome.notes());
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

  private static void require(List<String> faults) {
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
  }
}

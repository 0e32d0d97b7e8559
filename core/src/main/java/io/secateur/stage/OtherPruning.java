package io.secateur.stage;

import io.secateur.sparsity.Limits;
import io.secateur.sparsity.Scope;
import io.secateur.spi.PruningMethod;
import java.util.Optional;

/** Stages as they are, but for what they prune by. */
final class OtherPruning {
  private OtherPruning() {}

  /**
   * Returns a prune by another method in another scope.
   *
   * @throws IllegalArgumentException when the scope does not go with its other settings
   */
  static Prune by(Prune prune, PruningMethod method, Scope scope) {
    refuseTiles(prune.scope());
    return new Prune(
        Optional.of(method),
        prune.granularity(),
        scope,
        prune.amount(),
        prune.amounts(),
        prune.exclude(),
        prune.include(),
        prune.schedule(),
        prune.calibration(),
        prune.keepAtLeast(),
        prune.roundTo(),
        scope instanceof Scope.Global ? prune.normalise() : Limits.NONE.normalise());
  }

  /** Returns the same of pruning within a training. */
  static GradualPruning by(GradualPruning prune, PruningMethod method, Scope scope) {
    refuseTiles(prune.scope());
    return new GradualPruning(
        Optional.of(method),
        prune.granularity(),
        scope,
        prune.amount(),
        prune.amounts(),
        prune.exclude(),
        prune.include(),
        prune.schedule(),
        prune.calibration(),
        prune.begin(),
        prune.end(),
        prune.frequency(),
        prune.keepAtLeast(),
        prune.roundTo(),
        scope instanceof Scope.Global ? prune.normalise() : Limits.NONE.normalise());
  }

  private static void refuseTiles(Scope scope) {
    if (scope instanceof Scope.Tile) {
      throw new IllegalArgumentException(
          "its scope is tiles (N:M), and another scope would be another pattern");
    }
  }

  static Train of(Train train, Optional<GradualPruning> prune) {
    return new Train(
        train.epochs(),
        train.optimizer(),
        train.batch(),
        train.steps(),
        train.loss(),
        train.watch(),
        train.stop(),
        train.best(),
        prune);
  }

  static FineTune of(FineTune tune, Optional<GradualPruning> prune) {
    return new FineTune(
        tune.epochs(),
        tune.optimizer(),
        tune.batch(),
        tune.steps(),
        tune.loss(),
        tune.watch(),
        tune.stop(),
        tune.best(),
        prune,
        tune.distil());
  }
}

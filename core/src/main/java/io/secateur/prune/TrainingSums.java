package io.secateur.prune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.secateur.model.Tensor;
import io.secateur.model.TrainingState;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistics;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What a training's steps have summed for one weight, beside what calibration gathered for it.
 *
 * @param weight the parameter's name
 * @param training where the sums are
 */
record TrainingSums(
    String weight, Optional<TrainingState> training, Statistics gathered, NDManager manager)
    implements Statistics {

  /** Returns what of a method's needs calibration must gather. */
  static Set<Statistic> calibrated(PruningMethod method) {
    Set<Statistic> needs = new LinkedHashSet<>(method.needs());
    needs.removeIf(Statistic.OfTraining.class::isInstance);
    return needs;
  }

  @Override
  public NDArray total(Statistic statistic) {
    return statistic instanceof Statistic.OfTraining summed
        ? sum(summed).in(manager)
        : gathered.total(statistic);
  }

  private Tensor sum(Statistic.OfTraining statistic) {
    Tensor sum = training.map(state -> state.optimizer().get(statistic.slot(weight))).orElse(null);
    if (sum == null) {
      throw new IllegalArgumentException(
          "%s of %s is summed by the steps of a training, and none was taken"
              .formatted(statistic, weight));
    }
    return sum;
  }

  @Override
  public long count(Statistic statistic) {
    return statistic instanceof Statistic.OfTraining
        ? training.map(TrainingState::step).orElse(0L)
        : gathered.count(statistic);
  }
}

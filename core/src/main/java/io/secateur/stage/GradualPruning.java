package io.secateur.stage;

import io.secateur.builtin.PolynomialSchedule;
import io.secateur.calibrate.Calibration;
import io.secateur.model.Architecture;
import io.secateur.sparsity.Amount;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Limits;
import io.secateur.sparsity.Normalise;
import io.secateur.sparsity.Scope;
import io.secateur.spi.PruningMethod;
import io.secateur.spi.Schedule;
import io.secateur.spi.Statistic;
import io.secateur.spi.Task;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Pruning while training goes on (Zhu and Gupta, 2017): masks are updated at some steps, to what
 * the schedule says of the way from begin to end, by the scores of the weights as they are then;
 * always at the end, and after that they stay as they are. What is pruned never returns.
 *
 * @param method what decides; required. The other settings up to {@code calibration} are those of a
 *     prune stage; amounts are of all
 * @param schedule how sparsity grows from begin to end
 * @param begin when masks are updated first
 * @param end when they are updated last
 * @param frequency how often between
 * @param keepAtLeast this, and the last two, as of a prune stage
 */
public record GradualPruning(
    Optional<PruningMethod> method,
    Granularity granularity,
    Scope scope,
    Optional<Amount> amount,
    Map<String, Amount> amounts,
    List<String> exclude,
    List<String> include,
    Schedule schedule,
    Calibration calibration,
    When begin,
    When end,
    Frequency frequency,
    double keepAtLeast,
    int roundTo,
    Normalise normalise) {

  public GradualPruning {
    Prune checked =
        new Prune(
            method,
            granularity,
            scope,
            amount,
            amounts,
            exclude,
            include,
            Optional.of(schedule),
            calibration,
            keepAtLeast,
            roundTo,
            normalise);
    amounts = checked.amounts();
    exclude = checked.exclude();
    include = checked.include();
    if (begin.fraction().isPresent()
        && end.fraction().isPresent()
        && begin.fraction().get() > end.fraction().get()) {
      throw new IllegalArgumentException(
          "pruning cannot end at %s of the training before it begins at %s"
              .formatted(end.fraction().get(), begin.fraction().get()));
    }
  }

  /**
   * Along a cubic from the first step to the middle of the training, every 100 steps; method and
   * amount are still to be said.
   */
  public GradualPruning() {
    this(new Prune(), new PolynomialSchedule(), new When.Fraction(0), new When.Fraction(0.5));
  }

  private GradualPruning(Prune prune, Schedule schedule, When begin, When end) {
    this(
        prune.method(),
        prune.granularity(),
        prune.scope(),
        prune.amount(),
        prune.amounts(),
        prune.exclude(),
        prune.include(),
        schedule,
        prune.calibration(),
        begin,
        end,
        new Frequency.Steps(100),
        prune.keepAtLeast(),
        prune.roundTo(),
        prune.normalise());
  }

  /** Without limits. */
  public GradualPruning(
      Optional<PruningMethod> method,
      Granularity granularity,
      Scope scope,
      Optional<Amount> amount,
      Map<String, Amount> amounts,
      List<String> exclude,
      List<String> include,
      Schedule schedule,
      Calibration calibration,
      When begin,
      When end,
      Frequency frequency) {
    this(
        method,
        granularity,
        scope,
        amount,
        amounts,
        exclude,
        include,
        schedule,
        calibration,
        begin,
        end,
        frequency,
        Limits.NONE.keepAtLeast(),
        Limits.NONE.roundTo(),
        Limits.NONE.normalise());
  }

  /** Returns the stage that prunes as much as is due, {@code progress} of the way. */
  Prune at(double progress) {
    return new Prune(
            method,
            granularity,
            scope,
            amount,
            amounts,
            exclude,
            include,
            Optional.of(schedule),
            calibration,
            keepAtLeast,
            roundTo,
            normalise)
        .scheduled(progress);
  }

  /** Returns what of the method's needs the training must sum. */
  Set<Statistic.OfTraining> gathers() {
    return method.map(GradualPruning::gathers).orElse(Set.of());
  }

  /** Returns what of a method's needs a training must sum. */
  static Set<Statistic.OfTraining> gathers(PruningMethod method) {
    Set<Statistic.OfTraining> gathers = new LinkedHashSet<>();
    for (Statistic statistic : method.needs()) {
      if (statistic instanceof Statistic.OfTraining training) {
        gathers.add(training);
      }
    }
    return gathers;
  }

  /**
   * Returns the steps at which masks are updated, ascending.
   *
   * @throws IllegalArgumentException when they do not lie within the training
   */
  List<Long> updates(long perEpoch, long total) {
    long first = begin.step(perEpoch, total);
    long last = end.step(perEpoch, total);
    if (first > last || last > total) {
      throw new IllegalArgumentException(
          "pruning from step %d to step %d does not fit a training of %d steps"
              .formatted(first, last, total));
    }
    Set<Long> steps = new TreeSet<>(frequency.between(first, last, perEpoch));
    steps.add(last);
    return List.copyOf(steps);
  }

  /** Returns how far a step is on the way from begin to end. */
  double progress(long step, long perEpoch, long total) {
    long first = begin.step(perEpoch, total);
    long last = end.step(perEpoch, total);
    return first == last ? 1 : (double) (step - first) / (last - first);
  }

  /** Returns what makes it impossible, one line each; none when fine. */
  List<String> faults(Architecture architecture, Task task) {
    List<String> faults = new ArrayList<>(at(1).faultsOfPruning(architecture));
    boolean fromTheStart = begin.fraction().filter(fraction -> fraction == 0).isPresent();
    if (!gathers().isEmpty() && fromTheStart && prunesAtOnce()) {
      faults.add(
          "%s needs steps of the training before it prunes, and schedule %s prunes before the first;"
                  .formatted(method.orElseThrow().name(), schedule.name())
              + " set begin to a later moment, such as 0.1");
    }
    return faults;
  }

  private boolean prunesAtOnce() {
    return frequency instanceof Frequency.Steps && at(0).prunes();
  }
}

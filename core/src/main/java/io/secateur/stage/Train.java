package io.secateur.stage;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.spi.Split;
import io.secateur.spi.Task;
import io.secateur.spi.TrainingStage;
import io.secateur.train.BestEpoch;
import io.secateur.train.EarlyStop;
import io.secateur.train.Optimizer;
import io.secateur.train.Trainer;
import io.secateur.train.TrainingLoss;
import io.secateur.train.Watch;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Trains, or goes on with a training that was cut; what is pruned stays 0. Every round draws the
 * same order of examples, so that a training after a rewind repeats the first one's.
 *
 * @param epochs how often every example is seen, unless steps are given
 * @param batch examples per optimiser step
 * @param steps how many optimiser steps are taken instead
 * @param loss what is made small
 * @param watch what is measured after every epoch
 * @param stop when it ends early
 * @param best which epoch's parameters it leaves; the last one's when absent
 * @param prune what is pruned meanwhile
 */
public record Train(
    int epochs,
    Optimizer optimizer,
    int batch,
    Optional<Long> steps,
    TrainingLoss loss,
    Watch watch,
    Optional<EarlyStop> stop,
    Optional<BestEpoch> best,
    Optional<GradualPruning> prune)
    implements TrainingStage {
  /** One epoch of Adam in batches of 64. */
  public Train() {
    this(1, new Optimizer.Adam(), 64);
  }

  /** On the task's own loss for some epochs, and no more. */
  public Train(int epochs, Optimizer optimizer, int batch) {
    this(
        epochs,
        optimizer,
        batch,
        Optional.empty(),
        TrainingLoss.TASK,
        new Watch(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  public Train {
    var unused = new Trainer(epochs, steps, optimizer, batch, loss, watch, stop, best);
  }

  @Override
  public String name() {
    return "train";
  }

  @Override
  public String description() {
    return """
        Trains by mini-batches in a new random order every epoch, with cross-entropy or, for \
        regression, squared error (loss: nll for a model that ends in a log-softmax), for so many \
        epochs or, instead, steps. Masks hold: pruned weights, their gradients and their share of \
        the optimiser's state stay 0, and weights that came back are counted every epoch.
        watch: {metrics: [accuracy, loss], on: [train, validation, test]} measures after every \
        epoch. stop: {metric: loss, on: validation, patience: 30} ends it early. \
        best: {metric: accuracy, on: validation} leaves the best epoch's parameters, with stop too.
        prune: {method: l1, scope: layer, amount: 0.8, schedule: polynomial, begin: 0, end: 0.5, \
        frequency: 100} prunes meanwhile, every 100 steps from the beginning to the middle of the \
        training; begin and end may also be {step: 200} or {epoch: 3}, and frequency: epoch prunes \
        at every epoch's end. Then stop and best look only at epochs that end after the pruning.
        After a rewind to an epoch or a step it goes on from there; otherwise it starts at the \
        first step. Every round repeats the same order of examples.""";
  }

  @Override
  public Checkpoint run(Checkpoint input, Context context) throws IOException {
    return run(input, OptionalLong.empty(), context);
  }

  /** Runs it to its end, or to the step where it is cut. */
  Checkpoint run(Checkpoint input, OptionalLong cut, Context context) throws IOException {
    return training().run(input, cut, context.seed("train"), context);
  }

  @Override
  public long stepsPerEpoch(int examples) {
    return training().trainer().stepsPerEpoch(examples);
  }

  @Override
  public long steps(int examples) {
    return training().trainer().steps(examples);
  }

  @Override
  public TrainingStage until(long step) {
    return new CutTraining(this, step);
  }

  @Override
  public int ordinal(int round) {
    return 0;
  }

  @Override
  public List<String> faults(Architecture architecture, Task task) {
    return training().faults(architecture, task);
  }

  @Override
  public Set<Split> reads() {
    return training().reads();
  }

  @Override
  public Map<String, Long> foresee(Architecture architecture, Map<String, Long> before) {
    return training().foresee(architecture, before);
  }

  private Training training() {
    return new Training(
        new Trainer(epochs, steps, optimizer, batch, loss, watch, stop, best),
        prune,
        Optional.empty());
  }
}

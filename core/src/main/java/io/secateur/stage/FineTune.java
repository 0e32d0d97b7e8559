package io.secateur.stage;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.spi.Point;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import io.secateur.spi.Task;
import io.secateur.train.BestEpoch;
import io.secateur.train.Distil;
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
 * Trains what pruning left, always from its first step and with a fresh optimiser; every round
 * draws an order of its own.
 *
 * @param epochs how often every example is seen, unless steps are given
 * @param batch examples per optimiser step
 * @param steps how many optimiser steps are taken instead
 * @param loss what is made small
 * @param watch what is measured after every epoch
 * @param stop when it ends early
 * @param best which epoch's parameters it leaves; the last one's when absent
 * @param prune what is pruned meanwhile
 * @param distil which earlier model teaches
 */
public record FineTune(
    int epochs,
    Optimizer optimizer,
    int batch,
    Optional<Long> steps,
    TrainingLoss loss,
    Watch watch,
    Optional<EarlyStop> stop,
    Optional<BestEpoch> best,
    Optional<GradualPruning> prune,
    Optional<Distil> distil)
    implements Stage {
  /** One epoch of Adam in batches of 64. */
  public FineTune() {
    this(1, new Optimizer.Adam(), 64);
  }

  /** On the task's own loss for some epochs, and no more. */
  public FineTune(int epochs, Optimizer optimizer, int batch) {
    this(
        epochs,
        optimizer,
        batch,
        Optional.empty(),
        TrainingLoss.TASK,
        new Watch(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  public FineTune {
    var unused = new Trainer(epochs, steps, optimizer, batch, loss, watch, stop, best);
  }

  @Override
  public String name() {
    return "finetune";
  }

  @Override
  public String description() {
    return """
        Trains a pruned model on, with a fresh optimiser and from the first step of its learning \
        rate; settings are those of train. Masks hold: pruned weights stay 0. With prune it prunes \
        while it trains: finetune: {epochs: 10, prune: {method: l1, amount: 0.8}}.
        With distil an earlier model teaches (Hinton et al., 2015): finetune: {distil: {from: dense, \
        temperature: 4, weight: 0.9}}, from a label or init, the start of the pipeline; the loss is \
        weight x T^2 x KL(teacher, student) + (1 - weight) x the task's, for numbers the squared \
        distance to the teacher's instead of KL.
        Every round draws its own order of examples.""";
  }

  @Override
  public Checkpoint run(Checkpoint input, Context context) throws IOException {
    return training()
        .run(
            input.withTraining(Optional.empty()),
            OptionalLong.empty(),
            context.seed("finetune"),
            context);
  }

  @Override
  public List<String> faults(Architecture architecture, Task task) {
    return training().faults(architecture, task);
  }

  @Override
  public Set<Point> recalls() {
    return distil.map(Distil::point).map(Set::of).orElse(Set.of());
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
        new Trainer(epochs, steps, optimizer, batch, loss, watch, stop, best), prune, distil);
  }
}

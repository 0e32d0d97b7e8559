package io.secateur.stage;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.spi.Metric;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import io.secateur.spi.Task;
import io.secateur.train.BestEpoch;
import io.secateur.train.Distil;
import io.secateur.train.EarlyStop;
import io.secateur.train.Interlude;
import io.secateur.train.Trainer;
import io.secateur.train.Watch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What stages that train do alike: a training, and the pruning within it.
 *
 * @param prune what is pruned meanwhile
 * @param distil which earlier model teaches
 */
public record Training(Trainer trainer, Optional<GradualPruning> prune, Optional<Distil> distil) {

  /**
   * Trains from where the input stands.
   *
   * @param cut the step where it is cut; empty for its end
   */
  public Checkpoint run(Checkpoint input, OptionalLong cut, long seed, Stage.Context context)
      throws IOException {
    if (prune.isEmpty()) {
      return trainer.train(input, cut, seed, context, Interlude.NONE, distil);
    }
    List<String> faults = prune.get().faults(input.architecture(), context.task());
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", faults));
    }
    MaskUpdates updates = new MaskUpdates(prune.get(), input.architecture(), context);
    Checkpoint trained = trainer.train(input, cut, seed, context, updates, distil);
    if (cut.isEmpty()) {
      updates.report(trained);
    }
    return trained;
  }

  /** Returns the parts of the data set that it cannot do without. */
  public Set<Split> reads() {
    Set<Split> reads = EnumSet.noneOf(Split.class);
    // Without a test part there is no test column; asked for by name, a part must be there.
    if (!trainer.watch().on().equals(new Watch().on())) {
      reads.addAll(trainer.watch().on());
    }
    trainer.stop().ifPresent(stop -> reads.add(stop.on()));
    trainer.best().ifPresent(best -> reads.add(best.on()));
    return reads;
  }

  /** Returns how many cells will be lost after it, as far as shapes tell. */
  public Map<String, Long> foresee(Architecture architecture, Map<String, Long> before) {
    return prune.isEmpty() ? before : prune.get().at(1).foresee(architecture, before);
  }

  /** Returns what makes it impossible on a model and task, one line each; none when fine. */
  public List<String> faults(Architecture architecture, Task task) {
    List<String> faults = new ArrayList<>();
    long outputs = architecture.output().get(architecture.output().dimension() - 1);
    if (outputs != task.outputs()) {
      faults.add(
          "the model gives %d outputs, the data set asks for %d"
              .formatted(outputs, task.outputs()));
    }
    trainer.loss().fault(task).ifPresent(faults::add);
    trainer.watch().metrics().forEach(metric -> check("watch", metric, task, faults));
    trainer.stop().map(EarlyStop::metric).ifPresent(metric -> check("stop", metric, task, faults));
    trainer
        .best()
        .flatMap(BestEpoch::metric)
        .ifPresent(metric -> check("best", metric, task, faults));
    prune.ifPresent(pruning -> faults.addAll(faults(pruning, architecture, task)));
    return faults;
  }

  private static void check(String setting, Metric metric, Task task, List<String> faults) {
    if (!(metric instanceof Metric.OfPredictions)) {
      faults.add(
          "%s: %s is no metric of predictions, and only those are measured after every epoch; such"
                  .formatted(setting, metric.name())
              + " are accuracy and loss");
    } else if (!metric.suits(task)) {
      faults.add(
          "%s: %s cannot be measured on this data set's task".formatted(setting, metric.name()));
    }
  }

  private List<String> faults(GradualPruning pruning, Architecture architecture, Task task) {
    List<String> faults = new ArrayList<>(pruning.faults(architecture, task));
    for (When moment : List.of(pruning.begin(), pruning.end())) {
      beyond(moment).ifPresent(faults::add);
    }
    boolean looksAfter = trainer.stop().isPresent() || trainer.best().isPresent();
    if (looksAfter && pruning.end().fraction().filter(end -> end == 1).isPresent()) {
      faults.add(
          "stop and best look at the epochs after the pruning, and it ends with the training; set"
              + " its end to an earlier moment, such as 0.5");
    }
    return faults;
  }

  /** What is measured as the training is can be compared before it runs. */
  private Optional<String> beyond(When moment) {
    boolean inSteps = trainer.steps().isPresent();
    long length = inSteps ? trainer.steps().get() : trainer.epochs();
    long asked = 0;
    if (moment instanceof When.Step step && inSteps) {
      asked = step.steps();
    } else if (moment instanceof When.Epoch epoch && !inSteps) {
      asked = epoch.epochs();
    }
    String unit = inSteps ? "step" : "epoch";
    return asked > length
        ? Optional.of(
            "pruning to %s %d lies beyond the %d %ss of the training"
                .formatted(unit, asked, length, unit))
        : Optional.empty();
  }
}

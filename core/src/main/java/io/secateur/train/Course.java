package io.secateur.train;

import ai.djl.ndarray.NDManager;
import io.secateur.model.Checkpoint;
import io.secateur.model.TrainingState;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A whole training: runs between its interruptions, each of which starts from the checkpoint that
 * the one before it left, and what is done at its end.
 *
 * @param settled which epochs may end it, or be its best
 * @param distil which earlier model teaches
 */
record Course(
    Trainer trainer,
    long seed,
    Stage.Context context,
    Interlude interlude,
    Examination examination,
    List<Long> breaks,
    long perEpoch,
    long total,
    Settled settled,
    Optional<Distil> distil) {

  static Course of(
      Trainer trainer,
      long seed,
      Stage.Context context,
      Interlude interlude,
      Optional<Distil> distil)
      throws IOException {
    Examples examples = context.data(Split.TRAIN);
    if (examples.size() == 0) {
      throw new IllegalArgumentException("the data set has no training examples");
    }
    trainer
        .loss()
        .fault(context.task())
        .ifPresent(
            fault -> {
              throw new IllegalArgumentException(fault);
            });
    long perEpoch = trainer.stepsPerEpoch(examples.size());
    long total = trainer.steps(examples.size());
    List<Long> breaks = interlude.steps(perEpoch, total);
    long last = breaks.isEmpty() ? 0 : breaks.get(breaks.size() - 1);
    if (last == total && (trainer.stop().isPresent() || trainer.best().isPresent())) {
      throw new IllegalArgumentException(
          "stop and best look at the epochs after the last pruning, and that comes after step %d of %d;"
                  .formatted(last, total)
              + " end the pruning earlier");
    }
    Examination examination =
        new Examination(trainer.watch(), trainer.stop(), trainer.best(), context.task());
    return new Course(
        trainer,
        seed,
        context,
        interlude,
        examination,
        breaks,
        perEpoch,
        total,
        new Settled(last, perEpoch),
        distil);
  }

  /** Returns what is known of the epochs of a state. */
  History history(TrainingState state) {
    int epochs = new LearningRate.Moment(0, perEpoch, total).epochs();
    return new History(examination, epochs, state.history());
  }

  Optional<Stopping> stopping() {
    return trainer.stop().map(stop -> new Stopping(stop, stopped(), settled));
  }

  private Watched stopped() {
    return examination.stopping().orElseThrow();
  }

  Checkpoint run(Checkpoint input, OptionalLong cut) throws IOException {
    if (distil.isEmpty()) {
      return run(input, cut, Optional.empty());
    }
    Checkpoint model = context.recall(distil.get().point());
    try (NDManager manager = NDManager.newBaseManager(context.device(), "PyTorch")) {
      Teacher teacher =
          new Teacher(distil.get(), model, input.architecture(), context.task(), manager);
      return run(input, cut, Optional.of(teacher));
    }
  }

  private Checkpoint run(Checkpoint input, OptionalLong cut, Optional<Teacher> teacher)
      throws IOException {
    TrainingState start =
        input
            .training()
            .filter(state -> !state.over() && state.total() == total)
            .orElse(new TrainingState(0, total, Map.of(), List.of()));
    long end = cut.orElse(total);
    if (end < start.step() || end > total) {
      throw new IllegalArgumentException(
          "a training of %d steps that has done %d cannot stop after %d"
              .formatted(total, start.step(), end));
    }
    Checkpoint now = input.withTraining(Optional.of(start));
    for (long step : breaks) {
      if (step >= start.step() && (step < end || end == total)) {
        now =
            interrupted(
                step == step(now) ? now : part(now, step, start.step(), end, teacher), step);
      }
    }
    now = part(now, end, start.step(), end, teacher);
    return finished(now, end);
  }

  private static TrainingState state(Checkpoint model) {
    return model.training().orElseThrow();
  }

  private static long step(Checkpoint model) {
    return state(model).step();
  }

  /** Trains on to a step, or to where the training ends early. */
  private Checkpoint part(Checkpoint now, long to, long first, long last, Optional<Teacher> teacher)
      throws IOException {
    try (NDManager manager = NDManager.newBaseManager(context.device(), "PyTorch");
        TrainingRun run = new TrainingRun(this, now, teacher, manager)) {
      return run.until(to, done -> context.progress(done - first, last - first));
    }
  }

  private Checkpoint interrupted(Checkpoint now, long step) throws IOException {
    Interlude.Outcome outcome = interlude.at(now, step, perEpoch, total);
    TrainingState state = state(now);
    History history = history(state);
    long epoch = Math.max(1, (step + perEpoch - 1) / perEpoch);
    history.note(Math.toIntExact(epoch), outcome.rows());
    return outcome
        .model()
        .withTraining(
            Optional.of(new TrainingState(step, total, state.optimizer(), history.toList())));
  }

  private Checkpoint finished(Checkpoint now, long end) {
    TrainingState state = state(now);
    History history = history(state);
    history.rows().forEach(context::record);
    if (state.step() < end && end < total) {
      throw new IllegalArgumentException(
          "the training ended early after %d of %d steps; step %d to go back to lies beyond"
              .formatted(state.step(), total, end));
    }
    if (end < total) {
      return now;
    }
    history.lastInterruption().forEach(context::record);
    Kept kept = new Kept(state.optimizer());
    Ending ending = new Ending(this, history);
    ending.stopped(state.step());
    ending.kept(kept);
    return now.withParameters(
            kept.parameters(now.parameters()), kept.quantization(now.quantization()))
        .withTraining(
            Optional.of(new TrainingState(state.step(), state.step(), Map.of(), history.toList())));
  }
}

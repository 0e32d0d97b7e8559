package io.secateur.stage;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.spi.Task;
import io.secateur.spi.TrainingStage;
import io.secateur.train.Optimizer;
import io.secateur.train.Trainer;
import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/**
 * Trains, or goes on with a training that was cut; what is pruned stays 0. Every round draws the
 * same order of examples, so that a training after a rewind repeats the first one's.
 *
 * @param batch examples per optimiser step
 */
public record Train(int epochs, Optimizer optimizer, int batch) implements TrainingStage {
  /** One epoch of Adam in batches of 64. */
  public Train() {
    this(1, new Optimizer.Adam(), 64);
  }

  public Train {
    Trainings.check(epochs, optimizer, batch);
  }

  @Override
  public String name() {
    return "train";
  }

  @Override
  public String description() {
    return """
        Trains by mini-batches in a new random order every epoch, with cross-entropy or, for \
        regression, squared error. Masks hold: pruned weights, their gradients and their share of \
        the optimiser's state stay 0, and weights that came back are counted every epoch.
        After a rewind to an epoch or a step it goes on from there; otherwise it starts at the \
        first step. Every round repeats the same order of examples.""";
  }

  @Override
  public Checkpoint run(Checkpoint input, Context context) throws IOException {
    return run(input, OptionalLong.empty(), context);
  }

  /** Runs it to its end, or to the step where it is cut. */
  Checkpoint run(Checkpoint input, OptionalLong cut, Context context) throws IOException {
    return trainer().train(input, cut, context.seed("train"), context);
  }

  @Override
  public long stepsPerEpoch(int examples) {
    return trainer().stepsPerEpoch(examples);
  }

  @Override
  public long steps(int examples) {
    return trainer().steps(examples);
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
    return Trainings.faults(architecture, task);
  }

  private Trainer trainer() {
    return new Trainer(epochs, optimizer, batch);
  }
}

package io.secateur.stage;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.spi.Stage;
import io.secateur.spi.Task;
import io.secateur.train.Optimizer;
import io.secateur.train.Trainer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Trains what pruning left, always from its first step and with a fresh optimiser; every round
 * draws an order of its own.
 *
 * @param batch examples per optimiser step
 */
public record FineTune(int epochs, Optimizer optimizer, int batch) implements Stage {
  /** One epoch of Adam in batches of 64. */
  public FineTune() {
    this(1, new Optimizer.Adam(), 64);
  }

  public FineTune {
    Trainings.check(epochs, optimizer, batch);
  }

  @Override
  public String name() {
    return "finetune";
  }

  @Override
  public String description() {
    return """
        Trains a pruned model on, with a fresh optimiser and from the first step of its learning \
        rate; settings are those of train. Masks hold: pruned weights stay 0.
        Every round draws its own order of examples.""";
  }

  @Override
  public Checkpoint run(Checkpoint input, Context context) throws IOException {
    return new Trainer(epochs, optimizer, batch)
        .train(
            input.withTraining(Optional.empty()),
            OptionalLong.empty(),
            context.seed("finetune"),
            context);
  }

  @Override
  public List<String> faults(Architecture architecture, Task task) {
    return Trainings.faults(architecture, task);
  }
}

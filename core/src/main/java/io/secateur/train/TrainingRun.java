package io.secateur.train;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.training.GradientCollector;
import io.secateur.evaluate.Evaluation;
import io.secateur.model.Checkpoint;
import io.secateur.model.NetworkBlock;
import io.secateur.model.ParameterSpec;
import io.secateur.model.TrainingState;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import io.secateur.spi.Task;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One training under way: a network in the engine, its optimiser, and where it stands. */
final class TrainingRun implements AutoCloseable {
  /** Steps between two reports of progress. */
  private static final int REPORT = 20;

  private final Trainer trainer;
  private final Checkpoint input;
  private final long seed;
  private final Stage.Context context;
  private final Task task;
  private final Examples examples;
  private final Examples test;
  private final Examination examination;
  private final History history;
  private final long perEpoch;
  private final long total;
  private final Engine engine;
  private final NDManager manager;
  private final NetworkBlock block;
  private final Stepper stepper;
  private long step;

  TrainingRun(
      Trainer trainer,
      Checkpoint input,
      TrainingState start,
      long seed,
      Stage.Context context,
      NDManager manager)
      throws IOException {
    this.trainer = trainer;
    this.input = input;
    this.seed = seed;
    this.context = context;
    this.task = context.task();
    this.examples = context.data(Split.TRAIN);
    this.test = context.data(Split.TEST);
    this.examination = new Examination(task);
    this.history = new History(examination, trainer.epochs(), start.history());
    this.perEpoch = trainer.stepsPerEpoch(examples.size());
    this.total = start.total();
    this.step = start.step();
    this.engine = Engine.getEngine("PyTorch");
    this.manager = manager;
    this.block = input.architecture().block(input.parameters(), manager);
    this.stepper =
        Stepper.of(manager.getDevice(), Rule.of(trainer.optimizer()), targets(), start.optimizer());
  }

  private List<Stepper.Target> targets() {
    block.requireGradients(true);
    Map<String, NDArray> arrays = block.arrays();
    List<Stepper.Target> targets = new ArrayList<>();
    for (ParameterSpec spec : input.architecture().parameters()) {
      NDArray array = arrays.get(spec.name());
      if (spec.trainable() && array != null) {
        targets.add(
            new Stepper.Target(
                spec.name(), array, Optional.ofNullable(input.masks().get(spec.name()))));
      }
    }
    return targets;
  }

  /** Trains up to a step and returns the model there. */
  Checkpoint until(long end) {
    history.over().forEach(this::record);
    long begin = step;
    while (step < end) {
      int epoch = (int) (step / perEpoch);
      Order order = new Order(examples.size(), trainer.batch(), seed, epoch);
      long epochEnd = (epoch + 1) * perEpoch;
      while (step < Math.min(end, epochEnd)) {
        step(epoch, order.batch(step % perEpoch));
        if (step % REPORT == 0 || step == end) {
          context.progress(step - begin, end - begin);
        }
      }
      if (step == epochEnd) {
        endEpoch();
      }
    }
    TrainingState state =
        new TrainingState(
            step, total, step == total ? Map.of() : stepper.state(), history.toList());
    return input.withParameters(block.tensors()).withTraining(Optional.of(state));
  }

  private void step(int epoch, int[] batch) {
    double rate =
        trainer.optimizer().learningRate().at(new LearningRate.Moment(step, perEpoch, total));
    // Whatever is random in the network depends on the step alone, not on where training was cut.
    engine.setRandomSeed((int) Order.mixed(~seed, step));
    double loss = gradients(batch);
    if (!Double.isFinite(loss)) {
      throw new DivergedException(epoch + 1, step + 1, loss, rate);
    }
    // Outside the scope that frees what the gradients needed.
    step++;
    stepper.step(rate, step);
    history.add(loss, batch.length);
  }

  /** Gathers the gradients of a batch's mean loss in the parameters, and returns that loss. */
  private double gradients(int[] batch) {
    try (NDScope scope = new NDScope();
        NDManager own = manager.newSubManager()) {
      scope.suppressNotUsedWarning();
      Examples.Batch shown = examples.batch(batch, own);
      // In the engine's own, aligned memory: where it lies must not decide which kernel sums it.
      NDArray inputs = shown.inputs().duplicate();
      try (GradientCollector collector = engine.newGradientCollector()) {
        NDArray loss = Losses.mean(task, block.forward(inputs, true), shown.targets());
        collector.backward(loss);
        return loss.getFloat();
      }
    }
  }

  private void endEpoch() {
    int batch = Evaluation.batchSize(input.architecture());
    double score = examination.of(block, test, batch, manager);
    TrainingState.Epoch epoch = history.end(score, Revived.count(block.arrays(), input.masks()));
    record(epoch);
    context.say(history.line(epoch));
  }

  private void record(TrainingState.Epoch epoch) {
    history.rows(epoch).forEach(context::record);
  }

  @Override
  public void close() {
    stepper.close();
  }
}

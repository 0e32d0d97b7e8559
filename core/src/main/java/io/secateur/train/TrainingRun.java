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
import io.secateur.model.Tensor;
import io.secateur.model.TrainingState;
import io.secateur.spi.Examples;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * A part of a training under way: a network in the engine, its optimiser, and where it stands. Ends
 * early where the training does.
 */
final class TrainingRun implements AutoCloseable {
  /** Steps between two reports of progress. */
  private static final int REPORT = 20;

  private final Course course;
  private final Checkpoint input;
  private final Stage.Context context;
  private final Examples examples;
  private final History history;
  private final Optional<Stopping> stopping;
  private final Kept kept;
  private final Gathering gathering;
  private final Optional<Teacher> teacher;
  private final long perEpoch;
  private final long total;
  private final Engine engine;
  private final NDManager manager;
  private final NetworkBlock block;
  private final Shadows shadows;
  private final Stepper stepper;
  private long step;

  /**
   * A part that starts where a checkpoint's training state stands.
   *
   * @param manager on the device to compute on
   */
  TrainingRun(Course course, Checkpoint input, Optional<Teacher> teacher, NDManager manager)
      throws IOException {
    TrainingState start = input.training().orElseThrow();
    this.course = course;
    this.input = input;
    this.teacher = teacher;
    this.context = course.context();
    this.examples = context.data(Split.TRAIN);
    this.history = course.history(start);
    this.stopping = course.stopping();
    this.kept = new Kept(start.optimizer());
    this.perEpoch = course.perEpoch();
    this.total = course.total();
    this.step = start.step();
    this.engine = Engine.getEngine("PyTorch");
    this.manager = manager;
    this.block = input.block(manager);
    this.shadows = new Shadows(input, block, start.optimizer(), manager);
    this.stepper =
        Stepper.of(
            manager.getDevice(),
            Rule.of(course.trainer().optimizer()),
            targets(),
            start.optimizer());
    this.gathering = new Gathering(course.interlude(), block, start.optimizer(), manager);
  }

  private List<Stepper.Target> targets() {
    Map<String, NDArray> arrays = block.arrays();
    List<Stepper.Target> targets = new ArrayList<>();
    for (ParameterSpec spec : input.architecture().parameters()) {
      NDArray array = arrays.get(spec.name());
      if (spec.trainable() && array != null) {
        targets.add(
            new Stepper.Target(
                spec.name(),
                shadows.moved(spec.name(), array),
                () -> block.gradient(spec.name()),
                Optional.ofNullable(input.masks().get(spec.name()))));
      }
    }
    return targets;
  }

  /** Trains up to a step, or to where the training ends early, and returns the model there. */
  Checkpoint until(long end, LongConsumer progress) throws IOException {
    while (step < end && !endsEarly()) {
      int epoch = (int) (step / perEpoch);
      Order order = new Order(examples.size(), course.trainer().batch(), course.seed(), epoch);
      long epochEnd = Math.min(total, (epoch + 1) * perEpoch);
      while (step < Math.min(end, epochEnd)) {
        step(epoch, order.batch(step % perEpoch));
        if (step % REPORT == 0 || step == end) {
          progress.accept(step);
        }
      }
      if (step == epochEnd) {
        endEpoch();
      }
    }
    TrainingState state = new TrainingState(step, total, slots(), history.toList());
    return input
        .withParameters(block.tensors(), shadows.quantization())
        .withTraining(Optional.of(state));
  }

  private boolean endsEarly() {
    return stopping.isPresent() && stopping.get().verdict(history.over()).isPresent();
  }

  /** At the end the optimiser's own are of no use to anyone. */
  private Map<String, Tensor> slots() {
    Map<String, Tensor> slots = new LinkedHashMap<>();
    if (step < total) {
      slots.putAll(stepper.state());
      slots.putAll(shadows.slots());
    }
    slots.putAll(gathering.slots());
    slots.putAll(kept.slots());
    return slots;
  }

  private void step(int epoch, int[] batch) {
    double rate =
        course
            .trainer()
            .optimizer()
            .learningRate()
            .at(new LearningRate.Moment(step, perEpoch, total));
    // Whatever is random in the network depends on the step alone, not on where training was cut.
    engine.setRandomSeed((int) Order.mixed(~course.seed(), step));
    block.collectGradients();
    double loss = gradients(batch);
    if (!Double.isFinite(loss)) {
      throw new DivergedException(epoch + 1, step + 1, loss, rate);
    }
    gathering.add();
    // Outside the scope that frees what the gradients needed.
    step++;
    stepper.step(rate, step);
    block.forgetGradients();
    shadows.round();
    history.add(loss, batch.length);
  }

  /** Gathers the gradients of a batch's mean loss in the parameters, and returns that loss. */
  private double gradients(int[] batch) {
    try (NDScope scope = new NDScope();
        NDManager own = manager.newSubManager()) {
      scope.suppressNotUsedWarning();
      Examples.Batch shown = examples.augmented(batch, Order.augmenting(course.seed(), step), own);
      // In the engine's own, aligned memory: where it lies must not decide which kernel sums it.
      NDArray inputs = shown.inputs().duplicate();
      Optional<NDArray> taught = teacher.map(each -> each.outputs(inputs));
      try (GradientCollector collector = engine.newGradientCollector()) {
        NDArray outputs = block.forward(inputs, true);
        NDArray plain =
            Losses.mean(course.trainer().loss(), context.task(), outputs, shown.targets());
        NDArray loss =
            teacher.isPresent() ? teacher.get().loss(outputs, taught.orElseThrow(), plain) : plain;
        collector.backward(loss);
        return loss.getFloat();
      }
    }
  }

  private void endEpoch() throws IOException {
    int batch = Evaluation.batchSize(input.architecture());
    Map<String, Double> measured = course.examination().of(block, context, batch, manager);
    long revived = Revived.count(shadows.moved(block.arrays()), input.masks());
    TrainingState.Epoch epoch = history.end(measured, revived);
    Optional<Watched> choosing = course.examination().choosing();
    if (choosing.isPresent() && course.settled().counts(epoch)) {
      kept.consider(choosing.get(), history.over(), this::tensors);
    }
    context.say(history.line(epoch));
  }

  /** The network's parameters, and the scales of those that are integers. */
  private Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>(block.tensors());
    tensors.putAll(shadows.scales());
    return tensors;
  }

  @Override
  public void close() {
    stepper.close();
  }
}

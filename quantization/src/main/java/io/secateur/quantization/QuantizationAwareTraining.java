package io.secateur.quantization;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.spi.Point;
import io.secateur.spi.Split;
import io.secateur.spi.Stage;
import io.secateur.spi.Task;
import io.secateur.stage.Training;
import io.secateur.train.BestEpoch;
import io.secateur.train.Distil;
import io.secateur.train.EarlyStop;
import io.secateur.train.Optimizer;
import io.secateur.train.Trainer;
import io.secateur.train.TrainingLoss;
import io.secateur.train.Watch;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Trains a quantized model on, and leaves a quantized model (Jacob et al., 2018): the network
 * computes with rounded weights and activations, gradients pass the rounding as if it were none
 * (Bengio et al., 2013), and float32 weights behind the rounded ones are moved by them. Always from
 * its first step and with a fresh optimiser; every round draws an order of its own.
 *
 * @param epochs how often every example is seen, unless steps are given
 * @param batch examples per optimiser step
 * @param steps how many optimiser steps are taken instead
 * @param loss what is made small
 * @param watch what is measured after every epoch
 * @param stop when it ends early
 * @param best which epoch's parameters it leaves; the last one's when absent
 * @param distil which earlier model teaches
 */
public record QuantizationAwareTraining(
    int epochs,
    Optimizer optimizer,
    int batch,
    Optional<Long> steps,
    TrainingLoss loss,
    Watch watch,
    Optional<EarlyStop> stop,
    Optional<BestEpoch> best,
    Optional<Distil> distil)
    implements Stage {
  /** One epoch of Adam in batches of 64. */
  public QuantizationAwareTraining() {
    this(1, new Optimizer.Adam(), 64);
  }

  /** On the task's own loss for some epochs, and no more. */
  public QuantizationAwareTraining(int epochs, Optimizer optimizer, int batch) {
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

  public QuantizationAwareTraining {
    var unused = new Trainer(epochs, steps, optimizer, batch, loss, watch, stop, best);
  }

  @Override
  public String name() {
    return "quantization-aware-training";
  }

  @Override
  public String description() {
    return """
        Trains a quantized model on, so that its weights find the integers that suit the network's \
        others, and leaves a quantized model (QAT; Jacob et al., 2018). Settings are those of \
        finetune but prune. The network computes with rounded weights and activations throughout; \
        gradients pass the rounding as if it were none, and move float32 weights behind the rounded. \
        Scales of weights follow the largest magnitude at every step, ranges of activations stay as \
        calibrated, masks hold. What is measured after an epoch is the quantized model of then.""";
  }

  @Override
  public Optional<String> refusal(boolean quantized) {
    return quantized
        ? Optional.empty()
        : Optional.of(
            "%s goes on from integers, and the model is not quantized; put quantize before it"
                .formatted(name()));
  }

  @Override
  public boolean quantizes() {
    return true;
  }

  @Override
  public Checkpoint run(Checkpoint input, Context context) throws IOException {
    Optional<String> refusal = refusal(input.quantization().isPresent());
    if (refusal.isPresent()) {
      throw new IllegalArgumentException(refusal.get());
    }
    return training()
        .run(
            input.withTraining(Optional.empty()),
            OptionalLong.empty(),
            context.seed(name()),
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

  private Training training() {
    return new Training(
        new Trainer(epochs, steps, optimizer, batch, loss, watch, stop, best),
        Optional.empty(),
        distil);
  }
}

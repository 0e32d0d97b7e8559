package io.secateur.stage;

import io.secateur.model.Checkpoint;
import io.secateur.model.Tensor;
import io.secateur.model.TrainingState;
import io.secateur.sparsity.Mask;
import io.secateur.spi.Point;
import io.secateur.spi.Stage;
import io.secateur.train.Trainer;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes the weights that pruning left back to what they were, and keeps what is pruned (Frankle and
 * Carbin, 2019; Frankle et al., 2020). Biases and running statistics go back too; rewound to an
 * epoch or a step, so do the optimiser's state, the schedule's position and the order of examples.
 */
public record Rewind(RewindTo to) implements Stage {
  /** To the initial parameters. */
  public Rewind() {
    this(new RewindTo.Init());
  }

  @Override
  public String name() {
    return "rewind";
  }

  @Override
  public String description() {
    return """
        Takes the surviving weights back to an earlier value and keeps the masks: to init, to \
        {label: NAME}, to {epoch: N} or {step: N} of the first training, to {round: N} of these rounds (0 is before \
        the first), or learning-rate, which leaves the weights and only starts training again.
        Why it should work: small networks that train as well as the dense one are there from the \
        start, once the right weights are left (the lottery ticket hypothesis).
        Frankle and Carbin, ICLR 2019; Frankle et al., ICML 2020; Renda et al., ICLR 2020.""";
  }

  @Override
  public Set<Point> recalls() {
    return to.point().map(Set::of).orElse(Set.of());
  }

  @Override
  public Checkpoint run(Checkpoint input, Context context) throws IOException {
    Optional<Point> point = to.point();
    if (point.isEmpty()) {
      return input.withTraining(Optional.empty());
    }
    Checkpoint target = context.recall(point.get());
    if (!target.architecture().equals(input.architecture())) {
      throw new IllegalArgumentException(
          "cannot rewind: the model had another architecture then; rewind before what changes it");
    }
    Optional<TrainingState> training = to.resumes() ? target.training() : Optional.empty();
    return input
        .withParameters(masked(target.parameters(), input.masks(), ""))
        .withTraining(training.map(state -> masked(state, input.masks())));
  }

  private static TrainingState masked(TrainingState state, Map<String, Mask> masks) {
    Map<String, Tensor> slots = new LinkedHashMap<>(state.optimizer());
    if (!masks.isEmpty()) {
      // What was best so far was another network, and scored as that.
      slots.keySet().removeIf(Trainer::isBest);
    }
    return new TrainingState(
        state.step(), state.total(), masked(slots, masks, "/"), state.history());
  }

  /** Returns tensors with pruned cells set to +0.0; a slot's mask is that of its parameter. */
  static Map<String, Tensor> masked(
      Map<String, Tensor> tensors, Map<String, Mask> masks, String separator) {
    Map<String, Tensor> masked = new LinkedHashMap<>();
    tensors.forEach(
        (name, tensor) -> {
          int end = separator.isEmpty() ? -1 : name.lastIndexOf(separator);
          Mask mask = masks.get(end < 0 ? name : name.substring(0, end));
          masked.put(name, mask == null ? tensor : masked(tensor, mask));
        });
    return masked;
  }

  private static Tensor masked(Tensor tensor, Mask mask) {
    if (tensor.size() != mask.form().size()) {
      // A sum of something else than single weights.
      return tensor;
    }
    return tensor.masked(mask);
  }
}

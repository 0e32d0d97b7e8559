package io.secateur.train;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Quantization;
import io.secateur.model.Tensor;
import io.secateur.model.TrainingState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** The parameters of the best epoch so far; they travel with the optimiser's state. */
final class Kept {
  /** What is behind the parameter's name and a slash. */
  static final String SLOT = "/best";

  private static final String EPOCH = "epoch" + SLOT;

  private Map<String, Tensor> slots = new LinkedHashMap<>();

  /** What a training state has kept. */
  Kept(Map<String, Tensor> state) {
    state.forEach(
        (name, tensor) -> {
          if (name.endsWith(SLOT)) {
            slots.put(name, tensor);
          }
        });
  }

  /** Keeps the last epoch's parameters if it is the best. */
  void consider(
      Watched watched, List<TrainingState.Epoch> over, Supplier<Map<String, Tensor>> parameters) {
    TrainingState.Epoch last = over.get(over.size() - 1);
    Optional<TrainingState.Epoch> best = epoch(over);
    if (best.isPresent() && !(watched.lead(last, best.get()) > 0)) {
      return;
    }
    slots = new LinkedHashMap<>();
    slots.put(EPOCH, Tensor.of(new Shape(1), last.epoch()));
    parameters.get().forEach((name, tensor) -> slots.put(name + SLOT, tensor));
  }

  /** Returns the epoch whose parameters these are. */
  Optional<TrainingState.Epoch> epoch(List<TrainingState.Epoch> over) {
    Tensor number = slots.get(EPOCH);
    return number == null
        ? Optional.empty()
        : Optional.of(over.get((int) number.toFloats()[0] - 1));
  }

  /** Returns what a training state keeps. */
  Map<String, Tensor> slots() {
    return slots;
  }

  /** Returns the parameters, for those of a model. */
  Map<String, Tensor> parameters(Map<String, Tensor> model) {
    Map<String, Tensor> best = new LinkedHashMap<>();
    model.forEach((name, last) -> best.put(name, slots.getOrDefault(name + SLOT, last)));
    return best;
  }

  /** Returns what they lie on, for a model's. */
  Optional<Quantization> quantization(Optional<Quantization> model) {
    Map<String, Tensor> best = new LinkedHashMap<>();
    slots.forEach(
        (name, tensor) -> best.put(name.substring(0, name.length() - SLOT.length()), tensor));
    return Shadows.on(model, best);
  }
}

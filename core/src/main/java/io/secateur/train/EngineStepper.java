package io.secateur.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import io.secateur.model.Tensor;
import io.secateur.sparsity.Mask;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Steps by operations of the engine, for devices whose memory Java cannot see. */
final class EngineStepper implements Stepper {
  private static final NDIndex WHOLE = new NDIndex("...");

  private final Rule rule;
  private final NDManager manager;
  private final List<Part> parts = new ArrayList<>();

  /**
   * A parameter beside what it needs.
   *
   * @param kept true where a cell is kept, in the weight's shape
   */
  private record Part(Target target, Optional<NDArray> kept, List<NDArray> slots) {}

  EngineStepper(Rule rule, List<Target> targets, Map<String, Tensor> state) {
    this.rule = rule;
    this.manager = targets.get(0).weight().getManager().newSubManager();
    for (Target target : targets) {
      Optional<NDArray> kept = target.mask().map(mask -> kept(mask, target));
      List<NDArray> slots = new ArrayList<>();
      for (Optional<Tensor> slot : Stepper.slots(rule, target, state)) {
        NDArray values =
            slot.map(tensor -> tensor.in(manager))
                .orElseGet(() -> manager.zeros(target.weight().getShape()));
        kept.ifPresent(k -> hold(values, k));
        slots.add(values);
      }
      kept.ifPresent(k -> hold(target.weight(), k));
      parts.add(new Part(target, kept, slots));
    }
  }

  private NDArray kept(Mask mask, Target target) {
    boolean[] cells = new boolean[Math.toIntExact(mask.form().size())];
    for (int cell = 0; cell < cells.length; cell++) {
      cells[cell] = mask.keeps(cell);
    }
    return manager.create(cells, target.weight().getShape());
  }

  /** Sets pruned cells to +0.0 in place. */
  private static void hold(NDArray values, NDArray kept) {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray plain = values.stopGradient();
      plain.set(WHOLE, selected(plain, kept));
    }
  }

  private static NDArray selected(NDArray values, NDArray kept) {
    return NDArrays.where(kept, values, values.zerosLike());
  }

  @Override
  public void step(double rate, long step) {
    for (Part part : parts) {
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        // Shares the weight's memory, and is not followed by the gradients' bookkeeping.
        NDArray weight = part.target.weight().stopGradient();
        NDArray gathered = part.target.gradient().get();
        NDArray gradient = part.kept.map(kept -> selected(gathered, kept)).orElse(gathered);
        rule.update(weight, gradient, part.slots, rate, step);
      }
    }
  }

  @Override
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    for (Part part : parts) {
      for (int slot = 0; slot < rule.slots().size(); slot++) {
        state.put(
            part.target.name() + "/" + rule.slots().get(slot), Tensor.copyOf(part.slots.get(slot)));
      }
    }
    return state;
  }

  @Override
  public void close() {
    manager.close();
  }
}

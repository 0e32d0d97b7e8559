package io.secateur.train;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import io.secateur.model.Tensor;
import io.secateur.sparsity.Mask;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Takes an optimiser's steps on parameters and keeps the optimiser's own numbers. Pruned cells stay
 * +0.0 in weights and slots, whatever their gradients are, NaN included.
 */
sealed interface Stepper extends AutoCloseable permits MemoryStepper, EngineStepper {

  /**
   * A trained parameter.
   *
   * @param weight what is moved, in the engine
   * @param gradient gives the gradient to move it by, in its shape; the step closes it
   * @param mask what is kept; absent when all is
   */
  record Target(String name, NDArray weight, Supplier<NDArray> gradient, Optional<Mask> mask) {}

  /**
   * Returns what steps on a device.
   *
   * @param state the slots to go on with, by {@code <parameter>/<slot>}; absent ones start at 0
   */
  static Stepper of(Device device, Rule rule, List<Target> targets, Map<String, Tensor> state) {
    return device.equals(Device.cpu())
        ? new MemoryStepper(rule, targets, state)
        : new EngineStepper(rule, targets, state);
  }

  /**
   * Moves the parameters by their gradients.
   *
   * @param step optimiser steps done, this one included
   */
  void step(double rate, long step);

  /** Returns copies of the slots as they are now, by {@code <parameter>/<slot>}. */
  Map<String, Tensor> state();

  @Override
  void close();

  /** Returns one parameter's slots out of a state, in the rule's order. */
  static List<Optional<Tensor>> slots(Rule rule, Target target, Map<String, Tensor> state) {
    List<Optional<Tensor>> slots = new ArrayList<>();
    for (String slot : rule.slots()) {
      Optional<Tensor> tensor = Optional.ofNullable(state.get(target.name() + "/" + slot));
      tensor.ifPresent(found -> refuseOtherShape(target, slot, found));
      slots.add(tensor);
    }
    return slots;
  }

  private static void refuseOtherShape(Target target, String slot, Tensor found) {
    if (!found.shape().equals(target.weight().getShape())) {
      throw new IllegalArgumentException(
          "the training state's %s of %s has shape %s, the parameter has %s"
              .formatted(slot, target.name(), found.shape(), target.weight().getShape()));
    }
  }
}

package io.secateur.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.NetworkBlock;
import io.secateur.model.Tensor;
import io.secateur.sparsity.Form;
import io.secateur.spi.Statistic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sums, in float32, what methods want to know of every step of a training. The sums travel with the
 * optimiser's state.
 */
final class Gathering {
  private final NetworkBlock block;
  private final NDManager manager;
  private final List<Sum> sums = new ArrayList<>();

  /** A statistic of a weight, and its sum so far. */
  private static final class Sum {
    final Statistic.OfTraining statistic;
    final String name;
    final String slot;
    final NDArray weight;
    final Shape matrix;
    Optional<NDArray> total;

    Sum(Statistic.OfTraining statistic, String name, NDArray weight, Form form) {
      this.statistic = statistic;
      this.name = name;
      this.slot = statistic.slot(name);
      this.weight = weight;
      this.matrix = new Shape(form.rows(), form.columns());
      this.total = Optional.empty();
    }
  }

  /**
   * Sums to go on with.
   *
   * @param block collects the gradients
   */
  Gathering(Interlude interlude, NetworkBlock block, Map<String, Tensor> state, NDManager manager) {
    this.block = block;
    this.manager = manager;
    for (String name : interlude.weights()) {
      NDArray weight = block.arrays().get(name);
      if (weight == null) {
        throw new IllegalArgumentException("the network has no parameter " + name);
      }
      for (Statistic.OfTraining statistic : interlude.gathers()) {
        Form form = block.architecture().parameter(name).form();
        Sum sum = new Sum(statistic, name, weight, form);
        sum.total = Optional.ofNullable(state.get(sum.slot)).map(tensor -> tensor.in(manager));
        sums.add(sum);
      }
    }
  }

  /** Adds what the gradients gathered last say, before the step that they lead to. */
  void add() {
    for (Sum sum : sums) {
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        NDArray weight = sum.weight.stopGradient().reshape(sum.matrix);
        NDArray gradient = block.gradient(sum.name).reshape(sum.matrix);
        NDArray part = sum.statistic.of(weight, gradient);
        NDArray total =
            sum.total.map(before -> sum.statistic.plus(before, part)).orElseGet(part::duplicate);
        NDScope.unregister(total);
        total.attach(manager);
        sum.total.filter(before -> before != total).ifPresent(NDArray::close);
        sum.total = Optional.of(total);
      }
    }
  }

  /** Returns copies of the sums by slot. */
  Map<String, Tensor> slots() {
    Map<String, Tensor> slots = new LinkedHashMap<>();
    sums.forEach(sum -> sum.total.ifPresent(total -> slots.put(sum.slot, Tensor.copyOf(total))));
    return slots;
  }
}

package io.secateur.calibrate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import io.secateur.calibrate.Observer.Observed;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Layer;
import io.secateur.model.NetworkBlock;
import io.secateur.model.Tensor;
import io.secateur.spi.Examples;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Takes a sample of examples through a network whose weights change on the way: what a layer sees
 * comes through the layers before it as they have become. The numbers of all batches at the place
 * reached are in memory, as float32, and beside them those at the beginning of every branch that is
 * not yet joined; the totals are those of one layer, or block, at a time.
 */
public final class Walk {
  private final Checkpoint model;
  private final Set<Statistic> needs;
  private final Map<String, List<String>> weights;
  private final Function<Map<String, Statistics>, Map<String, Tensor>> change;
  private final NDManager manager;
  private final NetworkBlock block;
  private final List<Optional<NDArray>> present = new ArrayList<>();

  private Walk(
      Checkpoint model,
      Set<Statistic> needs,
      Collection<String> weights,
      Function<Map<String, Statistics>, Map<String, Tensor>> change,
      NDManager manager) {
    this.model = model;
    this.needs = needs;
    this.weights = byLayer(model.architecture(), weights);
    this.change = change;
    this.manager = manager;
    this.block = model.block(manager);
  }

  /**
   * Walks from the inputs to the outputs.
   *
   * @param needs what to sum; nothing that comes back from the loss. Sums as for {@link
   *     Calibrator#gather}
   * @param weights names of parameters
   * @param calibration with an order other than parallel
   * @param change is given the statistics of a layer's, or a block's, weights, which live until it
   *     returns; returns what those weights are from there on, by name
   * @param manager on the device to compute on; owns nothing more afterwards
   */
  public static void through(
      Checkpoint model,
      Set<Statistic> needs,
      Collection<String> weights,
      Calibration calibration,
      Examples examples,
      long seed,
      NDManager manager,
      Function<Map<String, Statistics>, Map<String, Tensor>> change) {
    Calibrator.require(examples);
    try (NDManager own = manager.newSubManager()) {
      Walk walk = new Walk(model, needs, weights, change, own);
      List<NDArray> batches = walk.batches(calibration, examples, seed);
      List<Layer> layers = model.architecture().layers();
      if (calibration.order() == Calibration.Order.BLOCKS) {
        walk.blocks(layers, batches);
      } else {
        walk.layers(layers, batches);
      }
    }
  }

  private static Map<String, List<String>> byLayer(
      Architecture architecture, Collection<String> weights) {
    Map<String, List<String>> byLayer = new LinkedHashMap<>();
    for (Architecture.Place place : architecture.places()) {
      List<String> own =
          place.parameters().stream().map(spec -> spec.name()).filter(weights::contains).toList();
      if (!own.isEmpty()) {
        byLayer.put(place.layer().name(), own);
      }
    }
    return byLayer;
  }

  private List<NDArray> batches(Calibration calibration, Examples examples, long seed) {
    int[] sample = Sample.of(examples.size(), calibration.examples(), seed);
    List<NDArray> batches = new ArrayList<>();
    for (int first = 0; first < sample.length; first += calibration.batch()) {
      int end = Math.min(sample.length, first + calibration.batch());
      // Of what the examples make, the inputs alone are needed.
      try (NDManager own = manager.newSubManager()) {
        NDArray inputs = examples.batch(Arrays.copyOfRange(sample, first, end), own).inputs();
        NDArray entered = block.entered(inputs);
        entered.attach(manager);
        batches.add(entered);
        present.add(block.present(entered));
      }
    }
    return batches;
  }

  /** Goes through layers one by one; the inputs stay open. */
  private List<NDArray> layers(List<Layer> layers, List<NDArray> inputs) {
    List<NDArray> current = inputs;
    for (Layer layer : layers) {
      List<NDArray> next = layer(layer, current);
      close(current, inputs, next);
      current = next;
    }
    return current;
  }

  private List<NDArray> layer(Layer layer, List<NDArray> inputs) {
    if (layer instanceof Layer.Branching branching) {
      List<List<NDArray>> ends = new ArrayList<>();
      branching.branches().forEach(branch -> ends.add(layers(branch, inputs)));
      return joined(branching, ends, inputs);
    }
    List<String> own = weights.getOrDefault(layer.name(), List.of());
    if (!own.isEmpty()) {
      boolean outputs = needs.stream().anyMatch(Statistic.OfOutputs.class::isInstance);
      observe(
          own,
          inputs,
          (observer, batch) -> {
            observer.input(layer.name(), inputs.get(batch));
            if (outputs) {
              NDArray output = block.part(List.of(layer), inputs.get(batch), present.get(batch));
              observer.output(layer.name(), output);
            }
          });
    }
    return advanced(List.of(layer), inputs);
  }

  private List<NDArray> joined(
      Layer.Branching branching, List<List<NDArray>> ends, List<NDArray> inputs) {
    List<NDArray> joined = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      int batch = i;
      List<NDArray> own = ends.stream().map(end -> end.get(batch)).toList();
      joined.add(computed(own, () -> branching.join(own, present.get(batch))));
    }
    ends.forEach(end -> close(end, inputs, joined));
    return joined;
  }

  private void blocks(List<Layer> layers, List<NDArray> inputs) {
    List<NDArray> current = inputs;
    for (List<Layer> together : Blocks.of(layers)) {
      List<NDArray> entering = current;
      List<String> own = new ArrayList<>();
      Blocks.within(together)
          .forEach(layer -> own.addAll(weights.getOrDefault(layer.name(), List.of())));
      if (!own.isEmpty()) {
        observe(
            own,
            entering,
            (observer, batch) -> {
              block.tap(observer);
              block.part(together, entering.get(batch), present.get(batch));
              block.untap(observer);
            });
      }
      current = advanced(together, entering);
      close(entering, List.of(), current);
    }
  }

  private interface Look {
    void at(Observer observer, int batch);
  }

  /** Gathers the statistics of some weights, and puts what they become in their place. */
  private void observe(List<String> own, List<NDArray> inputs, Look look) {
    try (NDManager totals = manager.newSubManager()) {
      Map<String, Observed> observed =
          Calibrator.observed(model.architecture(), needs, own, totals);
      Observer observer = Calibrator.observer(model.architecture(), needs, observed, false);
      for (int i = 0; i < inputs.size(); i++) {
        int batch = i;
        observer.show(present.get(i));
        within(List.of(inputs.get(i)), () -> look.at(observer, batch));
      }
      change.apply(Calibrator.complete(observed)).forEach(this::put);
    }
  }

  private void put(String name, Tensor value) {
    NDArray array = block.arrays().get(name);
    if (array == null) {
      throw new IllegalStateException("the network has no parameter " + name);
    }
    try (NDArray changed = value.in(manager)) {
      changed.copyTo(array);
    }
  }

  private List<NDArray> advanced(List<Layer> layers, List<NDArray> inputs) {
    List<NDArray> outputs = new ArrayList<>();
    for (int i = 0; i < inputs.size(); i++) {
      NDArray input = inputs.get(i);
      Optional<NDArray> positions = present.get(i);
      outputs.add(computed(List.of(input), () -> block.part(layers, input, positions)));
    }
    return outputs;
  }

  /** Computes with arrays of this walk and keeps the result alone; it may be one of them. */
  private NDArray computed(List<NDArray> inputs, Supplier<NDArray> computation) {
    List<NDArray> kept = new ArrayList<>();
    within(
        inputs,
        () -> {
          NDArray output = computation.get();
          kept.add(output);
          if (!identities(inputs).contains(output)) {
            NDScope.unregister(output);
            output.attach(manager);
          }
        });
    return kept.get(0);
  }

  /** Closes whatever is made on the way, also what layers make out of any scope's sight. */
  private void within(List<NDArray> inputs, Runnable work) {
    try (NDScope scope = new NDScope();
        NDManager own = manager.newSubManager()) {
      scope.suppressNotUsedWarning();
      identities(inputs).forEach(input -> input.tempAttach(own));
      work.run();
    }
  }

  private static void close(List<NDArray> arrays, List<NDArray> stay, List<NDArray> next) {
    Set<NDArray> needed = identities(stay);
    needed.addAll(next);
    identities(arrays).stream().filter(array -> !needed.contains(array)).forEach(NDArray::close);
  }

  private static Set<NDArray> identities(List<NDArray> arrays) {
    Set<NDArray> identities = Collections.newSetFromMap(new IdentityHashMap<>());
    identities.addAll(arrays);
    return identities;
  }
}

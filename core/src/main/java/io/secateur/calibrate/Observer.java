package io.secateur.calibrate;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Architecture.Place;
import io.secateur.model.NetworkBlock;
import io.secateur.sparsity.Form;
import io.secateur.spi.Statistic;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Sees one batch after another pass a network and adds its parts to the totals of weights. */
final class Observer implements NetworkBlock.Tap {
  /** A weight observed, and where it stands. */
  record Observed(String weight, Form form, Place place, Totals totals) {}

  /** A layer's outputs, and zeros added to them whose gradient is that of the outputs. */
  private record Probe(Observed observed, NDArray outputs, NDArray zeros, long rows) {
    long examples() {
      return zeros.getShape().get(0);
    }
  }

  private final Set<Statistic> needs;
  private final Map<String, List<Observed>> byLayer;
  private final Map<String, List<Observed>> byOutput;
  private final List<Probe> probes = new ArrayList<>();
  private Optional<NDArray> present = Optional.empty();

  /**
   * An observer.
   *
   * @param byLayer by the layer that has the weight
   * @param byOutput by the layer whose outputs are looked at
   */
  Observer(
      Set<Statistic> needs,
      Map<String, List<Observed>> byLayer,
      Map<String, List<Observed>> byOutput) {
    this.needs = needs;
    this.byLayer = byLayer;
    this.byOutput = byOutput;
  }

  /**
   * Begins a batch.
   *
   * @param positions (batch, positions), 0 where a text has ended; nothing when none has
   */
  void show(Optional<NDArray> positions) {
    present = positions;
  }

  /** Returns the rows of a layer's numbers that belong to something; padding is nothing. */
  private NDArray counted(NDArray rows, Shape of) {
    if (present.isEmpty() || of.dimension() <= 2) {
      return rows;
    }
    NDArray words = present.get().flatten().nonzero().flatten();
    return rows.get(words);
  }

  // Statistics are no part of the computation that gradients flow through: hence stopGradient.
  @Override
  public void input(String layer, NDArray input) {
    for (Observed observed : byLayer.getOrDefault(layer, List.of())) {
      List<Statistic.OfInputs> asked = asked(Statistic.OfInputs.class);
      if (!asked.isEmpty()) {
        NDArray all = Rows.ofInputs(observed.place(), observed.weight(), input.stopGradient());
        NDArray rows = counted(all, input.getShape());
        asked.forEach(s -> observed.totals().add(s, s.of(rows), rows.getShape().get(0)));
      }
    }
  }

  @Override
  public NDArray output(String layer, NDArray output) {
    NDArray onward = output;
    for (Observed observed : byOutput.getOrDefault(layer, List.of())) {
      NDArray all = Rows.ofOutputs(output.stopGradient());
      NDArray rows = counted(all, output.getShape());
      for (Statistic.OfOutputs s : asked(Statistic.OfOutputs.class)) {
        observed.totals().add(s, s.of(rows), rows.getShape().get(0));
      }
      if (!asked(Statistic.OfOutputGradients.class).isEmpty()) {
        NDArray zeros = output.getManager().zeros(output.getShape());
        zeros.setRequiresGradient(true);
        probes.add(new Probe(observed, all, zeros, rows.getShape().get(0)));
        onward = onward.add(zeros);
      }
    }
    return onward;
  }

  /** Adds the gradients that a backward pass has left. */
  void gradients(Map<String, NDArray> parameters) {
    for (Probe probe : probes) {
      // Nothing depends on padding: its gradients are 0, and examples stay equally long.
      NDArray gradients = Rows.ofOutputs(probe.zeros().getGradient());
      for (Statistic.OfOutputGradients s : asked(Statistic.OfOutputGradients.class)) {
        NDArray part = s.of(probe.outputs(), gradients, probe.examples());
        probe.observed().totals().add(s, part, probe.rows());
      }
    }
    probes.clear();
    List<Statistic.OfGradients> asked = asked(Statistic.OfGradients.class);
    if (!asked.isEmpty()) {
      byLayer.values().forEach(all -> all.forEach(one -> gradient(one, asked, parameters)));
    }
  }

  private static void gradient(
      Observed observed, List<Statistic.OfGradients> asked, Map<String, NDArray> parameters) {
    NDArray parameter = parameters.get(observed.weight());
    if (parameter == null) {
      throw new IllegalStateException("the network has no parameter " + observed.weight());
    }
    Shape matrix = new Shape(observed.form().rows(), observed.form().columns());
    NDArray gradient = parameter.getGradient().reshape(matrix);
    asked.forEach(s -> observed.totals().add(s, s.of(gradient), 1));
  }

  private <S extends Statistic> List<S> asked(Class<S> kind) {
    return needs.stream().filter(kind::isInstance).map(kind::cast).toList();
  }
}

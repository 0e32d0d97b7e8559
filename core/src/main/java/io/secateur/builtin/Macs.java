package io.secateur.builtin;

import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.ParameterSpec;
import io.secateur.model.TiedLinear;
import io.secateur.spi.Metric;
import java.util.ArrayList;
import java.util.List;

/**
 * Multiply-accumulates of one example, and those of them whose weight is not zero; per weight and
 * over the model.
 */
public record Macs() implements Metric.OfModel {
  private static final String DENSE = "macs/dense";
  private static final String NON_ZERO = "macs/non-zero";
  private static final String SPEED_UP = "speed-up/theoretical";

  @Override
  public String name() {
    return "macs";
  }

  @Override
  public String description() {
    return """
        Multiply-accumulates of one example. The rule: one per weight and position it is used at, \
        in linear and convolution layers, grouped ones by their groups; no bias, no activation, \
        no pooling, no normalisation.
        macs/dense: of all weights. macs/non-zero: of those that are not zero.
        speed-up/theoretical: dense / non-zero, what an engine that skips every zero at no cost \
        would gain. Computed, not measured: see latency for what this engine gains.""";
  }

  @Override
  public List<Quantity> quantities() {
    return List.of(
        new Quantity(DENSE, "", false, true),
        new Quantity(NON_ZERO, "", false, true),
        new Quantity(SPEED_UP, "x", true, true));
  }

  @Override
  public List<Value> measure(Checkpoint model) {
    List<Value> layers = new ArrayList<>();
    long dense = 0;
    long left = 0;
    for (Architecture.Place place : model.architecture().places()) {
      if (place.parameters().isEmpty()) {
        long kept = kept(model, place);
        dense += place.macs();
        left += kept;
      }
      for (ParameterSpec spec : place.parameters()) {
        if (spec.kind() != ParameterSpec.Kind.WEIGHT || place.macs() == 0) {
          continue;
        }
        // Every weight of a layer is used at the same number of positions.
        long positions = place.macs() / spec.shape().size();
        long kept = positions * NonZeros.of(NonZeros.tensor(model, spec.name()));
        layers.add(new Value(DENSE, place.macs(), spec.name()));
        layers.add(new Value(NON_ZERO, kept, spec.name()));
        dense += place.macs();
        left += kept;
      }
    }
    List<Value> values = new ArrayList<>();
    values.add(new Value(DENSE, dense));
    values.add(new Value(NON_ZERO, left));
    values.add(new Value(SPEED_UP, (double) dense / left));
    values.addAll(layers);
    return values;
  }

  /** Of a layer without weights all, unless it computes with the table of another. */
  private static long kept(Checkpoint model, Architecture.Place place) {
    if (place.layer() instanceof TiedLinear tied) {
      String table = tied.to() + ".weight";
      long cells = model.parameter(table).shape().size();
      return place.macs() / cells * NonZeros.of(NonZeros.tensor(model, table));
    }
    return place.macs();
  }
}

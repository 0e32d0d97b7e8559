package io.secateur.model;

import io.secateur.sparsity.Form;
import io.secateur.sparsity.Mask;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * The units of an architecture that can only go together, and what each of them owns. What it owns
 * are the cells of its row in the weights that make it, its entries of biases, scales, shifts and
 * running statistics, and the cells that meet it in the weights that take it.
 */
public final class Coupling {
  private final Architecture architecture;
  private final List<UnitSpace> spaces;
  private final Map<String, Owners> parameters;
  private final Map<String, Owners> layers;

  /**
   * What a walk has found.
   *
   * @param layers by a layer's name: the units of its outputs as rows, those of its inputs
   */
  Coupling(
      Architecture architecture,
      List<UnitSpace> spaces,
      Map<String, Owners> parameters,
      Map<String, Owners> layers) {
    this.architecture = architecture;
    this.spaces = List.copyOf(spaces);
    this.parameters = Collections.unmodifiableMap(parameters);
    this.layers = Collections.unmodifiableMap(layers);
  }

  /** Returns the spaces in the order of the network; the first is its input. */
  public List<UnitSpace> spaces() {
    return spaces;
  }

  /** Returns the space of a unit. */
  public UnitSpace space(int unit) {
    return spaces.stream()
        .filter(space -> space.holds(unit))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no unit " + unit));
  }

  /** Returns whose the cells of a parameter are; nothing where its layer does not say. */
  public Optional<Owners> owners(String parameter) {
    return Optional.ofNullable(parameters.get(parameter));
  }

  /** Returns the units that each weight makes: one of them at least must stay. */
  public Map<String, BitSet> makers() {
    Map<String, BitSet> makers = new LinkedHashMap<>();
    for (ParameterSpec spec : architecture.parameters()) {
      Owners own = parameters.get(spec.name());
      if (own != null && spec.prunable()) {
        BitSet units = new BitSet();
        for (int row = 0; row < own.rows() && !own.table(); row++) {
          units.set(own.row(row));
        }
        for (int column = 0; column < own.inputs() && own.table(); column++) {
          units.set(own.input(column));
        }
        makers.put(spec.name(), units);
      }
    }
    return makers;
  }

  /** Returns the masks that lack what some units own, of every trained parameter that loses any. */
  public Map<String, Mask> masks(BitSet gone) {
    Map<String, Mask> masks = new LinkedHashMap<>();
    for (ParameterSpec spec : architecture.parameters()) {
      Owners own = parameters.get(spec.name());
      if (own == null || !spec.trainable()) {
        continue;
      }
      Form form = spec.form();
      Mask mask =
          Mask.of(
              form,
              cell -> {
                int row = (int) (cell / form.columns());
                int input = (int) (cell % form.columns() / form.kernel());
                return !gone.get(own.row(row)) && !(own.inputs() > 0 && gone.get(own.input(input)));
              });
      if (mask.pruned() > 0) {
        masks.put(spec.name(), mask);
      }
    }
    return masks;
  }

  /**
   * Returns the architecture without some units.
   *
   * @throws IllegalArgumentException when one of them cannot be left out, or they are all of a
   *     space
   */
  public Architecture without(BitSet gone) {
    for (UnitSpace space : spaces) {
      int lost = gone.get(space.first(), space.first() + space.size()).cardinality();
      if (lost > 0 && space.fixed().isPresent()) {
        throw new IllegalArgumentException(
            "%s: no unit can be left out, %s".formatted(space.name(), space.fixed().get()));
      }
    }
    makers()
        .forEach(
            (weight, units) -> {
              units.andNot(gone);
              if (units.isEmpty()) {
                throw new IllegalArgumentException(
                    "%s: one unit at least must stay, all were to go".formatted(weight));
              }
            });
    Map<String, Architecture.Place> places = new LinkedHashMap<>();
    architecture.places().forEach(place -> places.put(place.layer().name(), place));
    return new Architecture(architecture.input(), narrowed(architecture.layers(), places, gone));
  }

  private List<Layer> narrowed(
      List<Layer> wide, Map<String, Architecture.Place> places, BitSet gone) {
    List<Layer> narrow = new ArrayList<>();
    for (Layer layer : wide) {
      if (layer instanceof Layer.Branching branching) {
        narrow.add(
            branching.with(
                branching.branches().stream()
                    .map(branch -> narrowed(branch, places, gone))
                    .toList()));
      } else if (layer instanceof Layer.Parametric parametric) {
        Owners ends = of(layers, layer.name());
        int outputs = ends.rows() - count(ends.rows(), ends::row, gone);
        int inputs = ends.inputs() - count(ends.inputs(), ends::input, gone);
        boolean same = outputs == ends.rows() && inputs == ends.inputs();
        narrow.add(
            same
                ? layer
                : parametric
                    .narrowed(of(places, layer.name()).input(), inputs, outputs)
                    .orElseThrow());
      } else {
        Owners ends = of(layers, layer.name());
        BitSet lost = new BitSet();
        for (int i = 0; i < ends.rows(); i++) {
          lost.set(i, gone.get(ends.row(i)));
        }
        narrow.add(((Layer.Functional) layer).narrowed(of(places, layer.name()).input(), lost));
      }
    }
    return narrow;
  }

  private static int count(int size, IntUnaryOperator unit, BitSet gone) {
    int count = 0;
    for (int i = 0; i < size; i++) {
      count += gone.get(unit.applyAsInt(i)) ? 1 : 0;
    }
    return count;
  }

  private static <V> V of(Map<String, V> values, String name) {
    V value = values.get(name);
    if (value == null) {
      throw new IllegalStateException("nothing is known of " + name);
    }
    return value;
  }

  /** Returns the spaces of rows and columns of each weight; columns of several get a number. */
  Map<String, Architecture.Units> ofWeights() {
    Map<String, Architecture.Units> units = new LinkedHashMap<>();
    int next = spaces.size();
    for (Architecture.Place place : architecture.places()) {
      for (ParameterSpec spec : place.parameters()) {
        if (spec.kind() != ParameterSpec.Kind.WEIGHT) {
          continue;
        }
        Owners ends = of(layers, place.layer().name());
        int repeat = repeat(ends);
        int inputs = repeat == 0 ? next++ : space(ends.input(0)).number();
        units.put(
            spec.name(),
            new Architecture.Units(inputs, space(ends.row(0)).number(), Math.max(1, repeat)));
      }
    }
    return Collections.unmodifiableMap(units);
  }

  /** Returns how many consecutive inputs each unit of one space has; 0 when it is not so. */
  private int repeat(Owners ends) {
    int repeat = 1;
    while (repeat < ends.inputs() && ends.input(repeat) == ends.input(0)) {
      repeat++;
    }
    UnitSpace space = space(ends.input(0));
    BitSet seen = new BitSet();
    for (int i = 0; i < ends.inputs(); i++) {
      boolean begins = i % repeat == 0;
      if (!space.holds(ends.input(i))
          || (begins ? seen.get(ends.input(i)) : ends.input(i) != ends.input(i - 1))) {
        return 0;
      }
      seen.set(ends.input(i));
    }
    return ends.inputs() % repeat == 0 ? repeat : 0;
  }
}

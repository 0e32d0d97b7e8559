package io.secateur.prune;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.calibrate.Calibrator;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Coupling;
import io.secateur.model.Owners;
import io.secateur.model.UnitSpace;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Mask;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * The weights that the units of a space are judged by, side by side: a matrix with a row per unit,
 * which holds the unit's cells of one weight after the other.
 */
final class SpaceMatrix {
  private final Checkpoint model;
  private final Coupling coupling;
  private final UnitSpace space;
  private final Granularity granularity;
  private final Map<String, UnitCells> parts;

  SpaceMatrix(Checkpoint model, Coupling coupling, UnitSpace space, Granularity granularity) {
    this.model = model;
    this.coupling = coupling;
    this.space = space;
    this.granularity = granularity;
    this.parts = parts(model.architecture(), coupling, space, granularity);
  }

  /** Returns the weights that units are judged by; none of a space that a granularity leaves. */
  static List<String> judged(Granularity granularity, UnitSpace space) {
    return byInputs(granularity) ? space.consumers() : space.producers();
  }

  private static boolean byInputs(Granularity granularity) {
    return granularity instanceof Granularity.InputUnits;
  }

  private static Map<String, UnitCells> parts(
      Architecture architecture, Coupling coupling, UnitSpace space, Granularity granularity) {
    Map<String, UnitCells> parts = new LinkedHashMap<>();
    for (String name : judged(granularity, space)) {
      parts.put(
          name,
          byInputs(granularity)
              ? UnitCells.inputs(coupling, space, architecture.parameter(name))
              : UnitCells.making(coupling, space, architecture.parameter(name)));
    }
    return parts;
  }

  /** Returns whether each unit of a space owns as many cells of every weight as the others do. */
  static boolean even(
      Architecture architecture, Coupling coupling, UnitSpace space, Granularity granularity) {
    return parts(architecture, coupling, space, granularity).values().stream()
        .allMatch(UnitCells::even);
  }

  /** Returns whether the matrix is that of its one weight. */
  private boolean plain() {
    return plain(coupling, space, granularity);
  }

  static boolean plain(Coupling coupling, UnitSpace space, Granularity granularity) {
    if (byInputs(granularity) || space.producers().size() != 1) {
      return false;
    }
    Owners owners = coupling.owners(space.producers().get(0)).orElseThrow();
    return !owners.table() && owners.rows() == space.size();
  }

  Form form() {
    return plain()
        ? model.architecture().parameter(space.producers().get(0)).form()
        : Form.matrix(space.size(), columns());
  }

  private long columns() {
    return parts.values().stream().mapToLong(UnitCells::perUnit).sum();
  }

  /** Returns the matrix as a method sees it. */
  Weight weight(long seed, NDManager manager) {
    NDArray matrix = matrix(name -> model.parameter(name).toFloats(), manager);
    return new Weight(
        String.join(" + ", parts.keySet()),
        form(),
        matrix,
        new Companions(model.architecture(), coupling, space).of(model, manager),
        seed);
  }

  /** Returns the units of which no cell is left as pruned. */
  Mask remaining() {
    boolean[] kept = new boolean[space.size()];
    parts.forEach(
        (name, cells) -> {
          Mask mask = model.mask(name);
          for (int unit = 0; unit < kept.length; unit++) {
            kept[unit] |= cells.any(unit, mask);
          }
        });
    return Mask.of(Form.matrix(kept.length, 1), unit -> kept[(int) unit]);
  }

  /** Adds up a matrix of scores, those of pruned cells left out, as doubles. */
  float[] sums(float[] scores) {
    float[] kept = laidOut(this::kept);
    float[] sums = new float[space.size()];
    int columns = scores.length / sums.length;
    for (int unit = 0; unit < sums.length; unit++) {
      double sum = 0;
      for (int cell = unit * columns; cell < (unit + 1) * columns; cell++) {
        sum += kept[cell] == 0 ? 0 : scores[cell];
      }
      sums[unit] = (float) sum;
    }
    return sums;
  }

  private float[] kept(String name) {
    Mask mask = model.mask(name);
    float[] kept = new float[Math.toIntExact(mask.form().size())];
    for (int cell = 0; cell < kept.length; cell++) {
      kept[cell] = mask.keeps(cell) ? 1 : 0;
    }
    return kept;
  }

  private NDArray matrix(Function<String, float[]> cells, NDManager manager) {
    return manager.create(laidOut(cells), new Shape(form().rows(), form().columns()));
  }

  private float[] laidOut(Function<String, float[]> cells) {
    int width = Math.toIntExact(columns());
    float[] matrix = new float[Math.multiplyExact(space.size(), width)];
    int[] next = new int[space.size()];
    parts.forEach(
        (name, own) -> {
          float[] given = cells.apply(name);
          for (int unit = 0; unit < next.length; unit++) {
            int row = unit;
            own.each(
                unit,
                (first, length) -> {
                  System.arraycopy(given, (int) first, matrix, row * width + next[row], length);
                  next[row] += length;
                });
          }
        });
    return matrix;
  }

  /**
   * Returns statistics whose totals in the shape of a weight are laid out as the matrix, and whose
   * totals with a number per output are a number per unit: the sum over all rows that make it.
   */
  Statistics statistics(Map<String, Statistics> ofWeights, NDManager manager) {
    String leading = parts.keySet().iterator().next();
    Statistics first = ofWeights.getOrDefault(leading, none(manager));
    if (plain()) {
      return first;
    }
    return new Statistics() {
      @Override
      public NDArray total(Statistic statistic) {
        Function<String, NDArray> totals =
            name -> ofWeights.getOrDefault(name, none(manager)).total(statistic);
        return ofOutputs(statistic)
            ? manager.create(
                perUnit(
                    statistic,
                    totals,
                    name ->
                        (double) first.count(statistic)
                            / ofWeights.getOrDefault(name, none(manager)).count(statistic)))
            : matrix(name -> totals.apply(name).toFloatArray(), manager);
      }

      @Override
      public long count(Statistic statistic) {
        return first.count(statistic);
      }
    };
  }

  static boolean ofOutputs(Statistic statistic) {
    return statistic instanceof Statistic.OfOutputs
        || statistic instanceof Statistic.OfOutputGradients;
  }

  /** Weights see different numbers of rows: by their share, averages add up and not totals. */
  private float[] perUnit(
      Statistic statistic, Function<String, NDArray> totals, Function<String, Double> share) {
    double[] sums = new double[space.size()];
    parts.forEach(
        (name, cells) -> {
          float[] total = totals.apply(name).toFloatArray();
          long rows = model.architecture().parameter(name).form().rows();
          if (total.length != rows) {
            throw new IllegalArgumentException(
                "%s of %s are %d numbers, of %d outputs; where a unit is made by several weights or"
                        .formatted(statistic, name, total.length, rows)
                    + " rows, a number per output is needed to add them up");
          }
          for (int unit = 0; unit < sums.length; unit++) {
            for (int row : cells.of(unit)) {
              sums[unit] += total[row] * share.apply(name);
            }
          }
        });
    float[] rounded = new float[sums.length];
    for (int unit = 0; unit < sums.length; unit++) {
      rounded[unit] = (float) sums[unit];
    }
    return rounded;
  }

  private Statistics none(NDManager manager) {
    return Calibrator.none(space.name(), manager);
  }
}

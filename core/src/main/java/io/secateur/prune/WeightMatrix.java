package io.secateur.prune;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.secateur.calibrate.Calibrator;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.ParameterSpec;
import io.secateur.model.Tensor;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Granularity;
import io.secateur.sparsity.Granularity.Axis;
import io.secateur.sparsity.Mask;
import io.secateur.sparsity.Scores;
import io.secateur.spi.Statistic;
import io.secateur.spi.Statistics;
import io.secateur.spi.Weight;
import java.nio.FloatBuffer;
import java.util.HashMap;
import java.util.Map;

/**
 * A weight of a checkpoint as methods see it: a matrix in its own form, or, for slices, with a row
 * per unit. Slices of outputs are the rows of the form; for other slices the form handed over is
 * that of the matrix itself.
 */
final class WeightMatrix {
  private final Checkpoint model;
  private final ParameterSpec spec;
  private final Axis axis;
  private final long seed;

  WeightMatrix(Checkpoint model, String name, Granularity granularity, long seed) {
    this.model = model;
    this.spec = model.architecture().parameter(name);
    this.axis = granularity.sliced().orElse(Axis.OUTPUT);
    this.seed = seed;
  }

  String name() {
    return spec.name();
  }

  /** Returns the form of the matrix. */
  Form form() {
    Form form = spec.form();
    return switch (axis) {
      case OUTPUT -> form;
      case INPUT -> across(form.inputs());
      case KERNEL_ROW -> across(form.kernelHeight());
      case KERNEL_COLUMN -> across(form.kernelWidth());
    };
  }

  private Form across(long units) {
    return Form.matrix(units, spec.form().size() / units);
  }

  /** Returns whether the matrix is in the order of the tensor. */
  boolean inOrder() {
    return axis == Axis.OUTPUT;
  }

  /** Returns the whole weight in the engine. */
  Weight whole(NDManager manager) {
    NDArray cells = model.parameter(name()).in(manager);
    Shape matrix = new Shape(form().rows(), form().columns());
    return inOrder()
        ? weight(cells.reshape(matrix), form(), companions(manager))
        : weight(byUnits(cells), form(), Map.of());
  }

  /** Returns numbers in the order of the tensor as a matrix with a row per unit. */
  private NDArray byUnits(NDArray cells) {
    Form own = spec.form();
    int[] order =
        switch (axis) {
          case OUTPUT -> new int[] {0, 1, 2, 3};
          case INPUT -> new int[] {1, 0, 2, 3};
          case KERNEL_ROW -> new int[] {2, 0, 1, 3};
          case KERNEL_COLUMN -> new int[] {3, 0, 1, 2};
        };
    return cells
        .reshape(own.rows(), own.inputs(), own.kernelHeight(), own.kernelWidth())
        .transpose(order)
        .reshape(form().rows(), form().columns());
  }

  /** Returns statistics whose totals in the shape of the weight have the order of the matrix. */
  Statistics inOrder(Statistics statistics) {
    if (inOrder()) {
      return statistics;
    }
    return new Statistics() {
      @Override
      public NDArray total(Statistic statistic) {
        NDArray total = statistics.total(statistic);
        boolean cells =
            statistic instanceof Statistic.OfGradients || statistic instanceof Statistic.OfTraining;
        return cells && total.size() == spec.form().size() ? byUnits(total) : total;
      }

      @Override
      public long count(Statistic statistic) {
        return statistics.count(statistic);
      }
    };
  }

  /**
   * Adds up the scores of the cells of each unit, those pruned before left out, as doubles in the
   * order of the tensor.
   *
   * @param first the row that the scores begin with
   * @return a float per row
   */
  float[] sums(float[] scores, long first) {
    int columns = Math.toIntExact(form().columns());
    Form own = spec.form();
    long inner =
        switch (axis) {
          case OUTPUT -> own.columns();
          case INPUT -> own.kernel();
          case KERNEL_ROW -> own.kernelWidth();
          case KERNEL_COLUMN -> 1;
        };
    Mask mask = model.mask(name());
    double[] sums = new double[scores.length / columns];
    int[] column = new int[sums.length];
    long from = inOrder() ? first * columns : 0;
    for (long cell = from; cell < from + scores.length; cell++) {
      int unit = (int) (cell / inner % form().rows() - first);
      int at = unit * columns + column[unit]++;
      sums[unit] += mask.keeps(cell) ? scores[at] : 0;
    }
    float[] rounded = new float[sums.length];
    for (int unit = 0; unit < rounded.length; unit++) {
      rounded[unit] = (float) sums[unit];
    }
    return rounded;
  }

  /** Copies rows from {@code first} on into a matrix of as many rows, by way of {@code floats}. */
  Weight rows(long first, NDArray into, float[] floats, Map<String, NDArray> companions) {
    fill(into, model.parameter(name()), first * form().columns(), floats);
    return source(companions, Calibrator.none(name(), into.getManager())).rows(first, into);
  }

  /** Copies numbers into all of an array, by way of {@code floats}. */
  static void fill(NDArray into, Scores numbers, long first, float[] floats) {
    int length = Math.toIntExact(into.size());
    numbers.read(first, floats, length);
    if (into.getDevice().equals(Device.cpu())) {
      // Not by set, whose copy on the way is freed by the collector only.
      into.toByteBuffer(true).asFloatBuffer().put(0, floats, 0, length);
    } else {
      into.set(FloatBuffer.wrap(floats, 0, length));
    }
  }

  /** Returns the rows of a matrix in the order of the tensor. */
  RowBlocks.Source source(Map<String, NDArray> companions, Statistics statistics) {
    return new RowBlocks.Source(name(), form(), numbers(), seed, companions, statistics);
  }

  /** Returns the weight's numbers in the order of the tensor. */
  Tensor numbers() {
    return model.parameter(name());
  }

  private Weight weight(NDArray matrix, Form form, Map<String, NDArray> companions) {
    return new Weight(name(), form, matrix, companions, seed);
  }

  /** Returns the vectors of the weight's own layer: its bias, and a scale and shift. */
  Map<String, NDArray> companions(NDManager manager) {
    Map<String, NDArray> companions = new HashMap<>();
    companions(model.architecture(), spec)
        .forEach((kind, other) -> companions.put(kind, model.parameter(other).in(manager)));
    return companions;
  }

  /** Returns the names of the vectors that a granularity's units have beside a weight, by kind. */
  static Map<String, String> companions(
      Architecture architecture, ParameterSpec spec, Granularity granularity) {
    return granularity.sliced().orElse(Axis.OUTPUT) == Axis.OUTPUT
        ? companions(architecture, spec)
        : Map.of();
  }

  private static Map<String, String> companions(Architecture architecture, ParameterSpec spec) {
    if (spec.kind() != ParameterSpec.Kind.WEIGHT) {
      return Map.of();
    }
    Map<String, String> companions = new HashMap<>();
    for (Architecture.Place place : architecture.places()) {
      if (place.parameters().contains(spec)) {
        for (ParameterSpec other : place.parameters()) {
          boolean vector = other.shape().dimension() == 1 && other.trainable();
          if (vector && other.shape().get(0) == spec.form().rows()) {
            companions.put(Companions.kind(other), other.name());
          }
        }
      }
    }
    return companions;
  }
}

package io.secateur.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A layer of an architecture, as a value: a record whose components are its settings. Shapes are
 * those of one example, without the batch. The roles are closed, the kinds in each are open.
 */
public sealed interface Layer {
  /** Returns the name, unique within the architecture: {@code conv1}, {@code layers.0}. */
  String name();

  /** Returns the shape of the output; refuses inputs that do not fit, naming the layer. */
  Shape output(Shape input);

  /** Returns how the units of the output relate to those of the input. */
  Spread spread();

  /** What becomes of units (features, channels) on their way through a layer. */
  enum Spread {
    /** Every output unit depends on all input units. */
    NEW,
    /** Every output unit is an input unit, changed by itself. */
    SAME,
    /** An input unit becomes consecutive output units: the cells of a channel, flattened. */
    UNROLLED
  }

  /** A layer with parameters. */
  non-sealed interface Parametric extends Layer {
    /** Returns its parameters with their names inside the layer: {@code weight}, {@code bias}. */
    List<ParameterSpec> parameters(Shape input);

    /** Computes the layer on a batch. */
    NDArray forward(NDArray input, Function<String, NDArray> parameter, boolean training);

    /** Returns multiply-accumulates of one example, without bias. */
    long macs(Shape input);

    @Override
    default Spread spread() {
      return Spread.NEW;
    }
  }

  /**
   * Several ways through layers from the same input, and their ends joined. Its own name names no
   * parameter: those of the layers inside have their full names.
   */
  non-sealed interface Branching extends Layer {
    /** Returns the ways, each with its layers in order; one without layers is the input itself. */
    List<List<Layer>> branches();

    /** Returns the shape of the joined ends; refuses ends that do not fit, naming the layer. */
    Shape joined(List<Shape> ends);

    /** Joins the ends, in the order of the branches. */
    NDArray join(List<NDArray> ends);

    @Override
    default Shape output(Shape input) {
      List<Shape> ends = new ArrayList<>();
      for (List<Layer> branch : branches()) {
        Shape end = input;
        for (Layer layer : branch) {
          end = layer.output(end);
        }
        ends.add(end);
      }
      return joined(ends);
    }

    @Override
    default Spread spread() {
      return Spread.NEW;
    }
  }

  /** A layer without parameters. */
  non-sealed interface Functional extends Layer {
    /** Computes the layer on a batch; may return the input itself. */
    NDArray apply(NDArray input, boolean training);

    @Override
    default Spread spread() {
      return Spread.SAME;
    }
  }
}

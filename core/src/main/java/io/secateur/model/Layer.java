package io.secateur.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
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
    UNROLLED,
    /**
     * Every output unit is an input unit, but what it becomes depends on all of them. One that is
     * left out must count as 0, which a layer says that has a narrower one.
     */
    MIXED,
    /** Every output unit is an input unit, or always 0: {@link Functional#sources} says which. */
    PADDED
  }

  /** A layer with parameters. */
  non-sealed interface Parametric extends Layer {
    /** Returns its parameters with their names inside the layer: {@code weight}, {@code bias}. */
    List<ParameterSpec> parameters(Shape input);

    /** Computes the layer on a batch. */
    NDArray forward(NDArray input, Function<String, NDArray> parameter, boolean training);

    /** Returns multiply-accumulates of one example, without bias. */
    long macs(Shape input);

    /** Returns the layer whose parameters it computes with: itself, unless it shares another's. */
    default String holder() {
      return name();
    }

    /** Returns the parts into which inputs and outputs divide; outputs see their own part only. */
    default int groups() {
      return 1;
    }

    /**
     * Returns this layer for fewer units; nothing when it cannot be made smaller, so that its units
     * all stay.
     *
     * @param input the shape that it takes now
     * @param inputs units that it is to take
     * @param outputs units that it is to give
     */
    default Optional<Layer> narrowed(Shape input, int inputs, int outputs) {
      return Optional.empty();
    }

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

    /**
     * Joins the ends of a batch of texts.
     *
     * @param present (batch, positions), 1 where a position holds something and 0 where it holds
     *     padding; nothing when all do
     */
    default NDArray join(List<NDArray> ends, Optional<NDArray> present) {
      return join(ends);
    }

    /** Returns multiply-accumulates of the join, for one example. */
    default long macs(List<Shape> ends) {
      return 0;
    }

    /** Returns how many consecutive features of the ends only go together: those of a head. */
    default int joinedTogether() {
      return 1;
    }

    /** Returns what the join makes of the units of the ends. */
    default Joint joint() {
      return Joint.OTHER;
    }

    /** Returns this layer with other ways; as many, each of them with the old one's meaning. */
    Branching with(List<List<Layer>> branches);

    @Override
    default Shape output(Shape input) {
      return joined(ends(input));
    }

    /** Returns the shapes of the ends. */
    default List<Shape> ends(Shape input) {
      List<Shape> ends = new ArrayList<>();
      for (List<Layer> branch : branches()) {
        Shape end = input;
        for (Layer layer : branch) {
          end = layer.output(end);
        }
        ends.add(end);
      }
      return ends;
    }

    @Override
    default Spread spread() {
      return Spread.NEW;
    }
  }

  /** What becomes of the units of several ends where they are joined. */
  enum Joint {
    /** The units of all ends, one by one, become one: their sum. */
    SUM,
    /** The units of all ends, one by one, become one: their product. */
    PRODUCT,
    /**
     * Three ends: queries, keys and values in heads. A head of keys and values, and those of the
     * queries that look at it, become one unit; the features behind it are the values'.
     */
    HEADS,
    /** The ends stand one behind the other along their first axis. */
    ROW,
    /** Something else, of which nothing is known. */
    OTHER
  }

  /** A layer without parameters. */
  non-sealed interface Functional extends Layer {
    /** Computes the layer on a batch; may return the input itself. */
    NDArray apply(NDArray input, boolean training);

    /**
     * Computes the layer on a batch of texts.
     *
     * @param present (batch, positions), 1 where a position holds something and 0 where it holds
     *     padding; nothing when all do
     */
    default NDArray apply(NDArray input, Optional<NDArray> present, boolean training) {
      return apply(input, training);
    }

    /** Returns whether a unit that is 0 everywhere is exactly 0 behind this layer too. */
    default boolean keepsZero() {
      return false;
    }

    /** Returns the input unit that each output unit is, −1 for 0: where units are padded. */
    default int[] sources(Shape input) {
      throw new UnsupportedOperationException("layer %s pads nothing".formatted(name()));
    }

    /**
     * Returns this layer for fewer units.
     *
     * @param input the shape that it takes now
     * @param gone output units, by their places, that are left out; input units go with them
     */
    default Layer narrowed(Shape input, BitSet gone) {
      return this;
    }

    @Override
    default Spread spread() {
      return Spread.SAME;
    }
  }
}

package io.secateur.model;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A network without its numbers: the shape of one example and the layers it passes. All else is
 * derived from this value. Layers that do not fit one another are refused when it is made.
 */
public record Architecture(Shape input, List<Layer> layers) {
  public Architecture {
    layers = List.copyOf(layers);
    if (layers.isEmpty()) {
      throw new IllegalArgumentException(
          "an architecture needs at least one layer, was given none");
    }
    if (input.dimension() == 0 || input.size() < 1) {
      throw new IllegalArgumentException(
          "an example needs a shape such as (784) or (1, 28, 28), was given " + input);
    }
    refuseTwins(layers, new HashSet<>());
    Shape shape = input;
    for (Layer layer : layers) {
      shape = layer.output(shape);
    }
    List<Place> places = new ArrayList<>();
    collect(layers, input, places);
    refuseStrangers(places);
  }

  /** Layers that share another's table need one that fits. */
  private static void refuseStrangers(List<Place> places) {
    for (Place place : places) {
      if (place.layer() instanceof TiedLinear tied) {
        long features = place.input().get(place.input().dimension() - 1);
        Shape shape = new Shape(tied.outputs(), features);
        boolean fits =
            places.stream()
                .takeWhile(before -> !before.equals(place))
                .anyMatch(
                    before ->
                        before.layer() instanceof Embedding embedding
                            && embedding.name().equals(tied.to())
                            && before.parameters().get(0).shape().equals(shape));
        if (!fits) {
          throw new IllegalArgumentException(
              "layer %s (tied-linear) needs an embedding %s of shape %s before it, there is none"
                  .formatted(tied.name(), tied.to(), shape));
        }
      }
    }
  }

  private static void refuseTwins(List<Layer> layers, Set<String> names) {
    for (Layer layer : layers) {
      if (!names.add(layer.name())) {
        throw new IllegalArgumentException("two layers are named " + layer.name());
      }
      if (layer instanceof Layer.Branching branching) {
        branching.branches().forEach(branch -> refuseTwins(branch, names));
      }
    }
  }

  /**
   * A layer where it stands.
   *
   * @param parameters with full names
   * @param macs multiply-accumulates of one example, without bias
   */
  public record Place(
      Layer layer, Shape input, Shape output, List<ParameterSpec> parameters, long macs) {
    public Place {
      parameters = List.copyOf(parameters);
    }

    /** Returns the layer's kind, as files name it: {@code conv2d}. */
    public String kind() {
      return Layers.kind(layer);
    }
  }

  /**
   * The unit spaces that a weight's rows and columns belong to: weights with an equal number share
   * their units, as the outputs of one layer are the inputs of the next.
   *
   * @param inputs the space of the columns (0 is the network's input); those of a grouped
   *     convolution count within the group
   * @param outputs the space of the rows
   * @param repeat consecutive columns per input unit, beyond kernel cells: a flattened image's
   *     height × width
   */
  public record Units(int inputs, int outputs, long repeat) {}

  /** Returns the layers with their shapes, in order; what is inside branches before their join. */
  public List<Place> places() {
    List<Place> places = new ArrayList<>();
    collect(layers, input, places);
    return List.copyOf(places);
  }

  private static Shape collect(List<Layer> layers, Shape input, List<Place> places) {
    Shape shape = input;
    for (Layer layer : layers) {
      Shape output = layer.output(shape);
      List<ParameterSpec> parameters = List.of();
      long macs = 0;
      if (layer instanceof Layer.Parametric parametric) {
        parameters = named(parametric, shape);
        macs = counted(parametric, shape);
      } else if (layer instanceof Layer.Branching branching) {
        for (List<Layer> branch : branching.branches()) {
          collect(branch, shape, places);
        }
        macs = branching.macs(branching.ends(shape));
      }
      places.add(new Place(layer, shape, output, parameters, macs));
      shape = output;
    }
    return shape;
  }

  private static long counted(Layer.Parametric layer, Shape input) {
    try {
      return layer.macs(input);
    } catch (ArithmeticException overflow) {
      throw new IllegalArgumentException(
          "layer %s: an example takes more multiply-accumulates than can be counted"
              .formatted(layer.name()),
          overflow);
    }
  }

  private static List<ParameterSpec> named(Layer.Parametric layer, Shape input) {
    return layer.parameters(input).stream()
        .map(
            spec ->
                new ParameterSpec(
                    layer.name() + "." + spec.name(),
                    spec.shape(),
                    spec.kind(),
                    spec.fanIn(),
                    spec.fanOut()))
        .toList();
  }

  /** Returns the shape of one example's output. */
  public Shape output() {
    Shape shape = input;
    for (Layer layer : layers) {
      shape = layer.output(shape);
    }
    return shape;
  }

  /** Returns all parameters, in PyTorch's order. */
  public List<ParameterSpec> parameters() {
    return places().stream().flatMap(place -> place.parameters().stream()).toList();
  }

  /** Returns the parameter of a name; refuses unknown names with the nearest one. */
  public ParameterSpec parameter(String name) {
    List<ParameterSpec> specs = parameters();
    return specs.stream()
        .filter(spec -> spec.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no parameter is named "
                        + name
                        + Nearest.suggest(name, specs.stream().map(ParameterSpec::name).toList())));
  }

  /** Returns the parameters that are pruned by default. */
  public List<ParameterSpec> prunable() {
    return parameters().stream().filter(ParameterSpec::prunable).toList();
  }

  /** Returns how many numbers the parameters hold together. */
  public long parameterCount() {
    return parameters().stream().mapToLong(spec -> spec.shape().size()).sum();
  }

  /** Returns multiply-accumulates of one example, without bias and activation. */
  public long macs() {
    return places().stream().mapToLong(Place::macs).sum();
  }

  /** Returns the unit spaces of each weight, by parameter name. */
  public Map<String, Units> units() {
    return coupling().ofWeights();
  }

  /** Returns which units go together, and what each of them owns. */
  public Coupling coupling() {
    return CouplingWalk.over(this);
  }

  /** Returns this network with other layers of the same names; what joins branches stays. */
  public Architecture with(UnaryOperator<Layer> other) {
    return new Architecture(input, with(layers, other));
  }

  private static List<Layer> with(List<Layer> layers, UnaryOperator<Layer> other) {
    List<Layer> changed = new ArrayList<>();
    for (Layer layer : layers) {
      changed.add(
          layer instanceof Layer.Branching branching
              ? branching.with(
                  branching.branches().stream().map(branch -> with(branch, other)).toList())
              : other.apply(layer));
    }
    return changed;
  }

  /** Returns first parameters; equal seeds give equal parameters, each parameter its own stream. */
  public Map<String, Tensor> initialise(Initialisation how, long seed) {
    Map<String, Tensor> drawn = new LinkedHashMap<>();
    for (ParameterSpec spec : parameters()) {
      drawn.put(spec.name(), Initialiser.draw(spec, how, seed));
    }
    return Collections.unmodifiableMap(drawn);
  }

  /**
   * Returns the block that computes this network with these parameters, copied into the engine.
   *
   * @param manager owns the parameters' arrays; who closes it ends the block
   */
  public NetworkBlock block(Map<String, Tensor> parameters, NDManager manager) {
    return new NetworkBlock(this, parameters, Optional.empty(), manager);
  }

  /** Returns the architecture as JSON. */
  public String toJson() {
    return ArchitectureJson.write(this);
  }

  /**
   * Returns the architecture that {@link #toJson} wrote.
   *
   * @throws IllegalArgumentException when it is none, saying what is wrong and with which layer
   */
  public static Architecture fromJson(String json) {
    return ArchitectureJson.read(json);
  }
}

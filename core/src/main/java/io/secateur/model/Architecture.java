package io.secateur.model;

import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;

/**
 * A network without its numbers: the shape of one example and the layers it passes. All else is
 * derived from this value.
 */
public record Architecture(Shape input, List<Layer> layers) {
  public Architecture {
    layers = List.copyOf(layers);
  }

  /**
   * A layer where it stands.
   *
   * @param parameters with full names
   */
  public record Place(
      Layer layer, Shape input, Shape output, List<ParameterSpec> parameters, long macs) {}

  /**
   * The unit spaces that a weight's rows and columns belong to: weights with an equal number share
   * their units, as the outputs of one layer are the inputs of the next.
   *
   * @param inputs the space of the columns (0 is the network's input)
   * @param outputs the space of the rows
   * @param repeat consecutive columns per input unit, beyond kernel cells: a flattened image's
   *     height × width
   */
  public record Units(int inputs, int outputs, long repeat) {}

  /** Returns the layers with their shapes, in order. */
  public List<Place> places() {
    throw new UnsupportedOperationException();
  }

  /** Returns the shape of one example's output. */
  public Shape output() {
    throw new UnsupportedOperationException();
  }

  /** Returns all parameters, in PyTorch's order. */
  public List<ParameterSpec> parameters() {
    throw new UnsupportedOperationException();
  }

  /** Returns the parameter of a name; refuses unknown names with the nearest one. */
  public ParameterSpec parameter(String name) {
    throw new UnsupportedOperationException(name);
  }

  /** Returns the parameters that are pruned by default. */
  public List<ParameterSpec> prunable() {
    return parameters().stream().filter(ParameterSpec::prunable).toList();
  }

  /** Returns how many numbers the parameters hold together. */
  public long parameterCount() {
    throw new UnsupportedOperationException();
  }

  /** Returns multiply-accumulates of one example, without bias and activation. */
  public long macs() {
    throw new UnsupportedOperationException();
  }

  /** Returns the unit spaces of each weight, by parameter name. */
  public Map<String, Units> units() {
    throw new UnsupportedOperationException();
  }

  /** Returns first parameters; equal seeds give equal parameters, each parameter its own stream. */
  public Map<String, Tensor> initialise(Initialisation how, long seed) {
    throw new UnsupportedOperationException(how + " " + seed);
  }

  /** Returns the block that computes this network with these parameters, copied into the engine. */
  public NetworkBlock block(Map<String, Tensor> parameters, NDManager manager) {
    throw new UnsupportedOperationException(parameters + " " + manager);
  }

  /** Returns the architecture as JSON. */
  public String toJson() {
    throw new UnsupportedOperationException();
  }

  /** Returns the architecture that {@link #toJson} wrote. */
  public static Architecture fromJson(String json) {
    throw new UnsupportedOperationException(json);
  }
}

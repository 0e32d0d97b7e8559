package io.secateur.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Computes an architecture in the engine; its parameters carry the architecture's names.
 *
 * <p>The parameters' arrays belong to the manager that the block was made with. What a pass
 * computes belongs to the batch's manager: only the output, and, while a tap listens, what the tap
 * was shown; everything in between is closed on the way (gradients do not need it).
 */
public final class NetworkBlock extends AbstractBlock {
  private final Architecture architecture;
  private final Map<String, NDArray> arrays = new LinkedHashMap<>();
  private final Map<String, NDArray> collecting = new LinkedHashMap<>();
  private final List<Tap> taps = new ArrayList<>();
  private final Optional<Rounding> rounding;

  NetworkBlock(
      Architecture architecture,
      Map<String, Tensor> values,
      Optional<Quantization> quantization,
      NDManager manager) {
    this.architecture = architecture;
    this.rounding = quantization.map(Rounding::new);
    for (ParameterSpec spec : architecture.parameters()) {
      Tensor value = values.get(spec.name());
      if (value == null || !value.shape().equals(spec.shape())) {
        throw new IllegalArgumentException(
            "parameter %s takes float32 numbers of shape %s, was given %s"
                .formatted(spec.name(), spec.shape(), value == null ? "none" : value));
      }
      NDArray array = value.in(manager);
      array.setName(spec.name());
      arrays.put(spec.name(), array);
      addParameter(
          Parameter.builder()
              .setName(spec.name())
              .setType(type(spec))
              .optShape(spec.shape())
              .optArray(array)
              .optRequiresGrad(spec.trainable())
              .build());
    }
  }

  private static Parameter.Type type(ParameterSpec spec) {
    return switch (spec.kind()) {
      case WEIGHT, EMBEDDING -> Parameter.Type.WEIGHT;
      case BIAS -> Parameter.Type.BIAS;
      case GAMMA -> Parameter.Type.GAMMA;
      case BETA -> Parameter.Type.BETA;
      case STATISTIC -> Parameter.Type.OTHER;
    };
  }

  /** Sees what goes into and comes out of each layer with parameters, and of joined branches. */
  public interface Tap {
    /** Called before a layer computes: its name, and the batch of inputs. */
    void input(String layer, NDArray input);

    /**
     * Called after a layer has computed; what it returns goes on to the next layer, so that
     * gradients with respect to an output can be had.
     */
    default NDArray output(String layer, NDArray output) {
      return output;
    }

    /** Called after branches are joined: the layer's name, what went in, and what came out. */
    default void joined(String layer, NDArray input, NDArray output) {}
  }

  /** Returns the architecture computed. */
  public Architecture architecture() {
    return architecture;
  }

  /** Returns the arrays of the parameters by name, in order; they belong to this block. */
  public Map<String, NDArray> arrays() {
    return Collections.unmodifiableMap(arrays);
  }

  /** Returns copies of the parameters as they are now. */
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> copies = new LinkedHashMap<>();
    arrays.forEach((name, array) -> copies.put(name, Tensor.copyOf(array)));
    return Collections.unmodifiableMap(copies);
  }

  /** Lets a tap see all layers from now on. */
  public void tap(Tap tap) {
    taps.add(tap);
  }

  /** Ends what {@link #tap} began. */
  public void untap(Tap tap) {
    taps.remove(tap);
  }

  /** Says whether the parameters that gradients train are to collect them; at first they do not. */
  public void requireGradients(boolean required) {
    for (ParameterSpec spec : architecture.parameters()) {
      if (spec.trainable()) {
        array(spec.name()).setRequiresGradient(required);
      }
    }
  }

  /**
   * Lets passes from now on collect {@link #gradient}s, and forgets those collected. Faster than
   * {@link #requireGradients} for one pass after another: the engine hands over a gradient that is
   * the first, and adds up only those behind it.
   */
  public void collectGradients() {
    forgetGradients();
    for (ParameterSpec spec : architecture.parameters()) {
      if (spec.trainable()) {
        // The parameter's own memory, under a name that has no gradient yet.
        NDArray leaf = array(spec.name()).stopGradient();
        leaf.setRequiresGradient(true);
        collecting.put(spec.name(), leaf);
      }
    }
  }

  /** Ends what {@link #collectGradients} began. */
  public void forgetGradients() {
    collecting.values().forEach(NDArray::close);
    collecting.clear();
  }

  /**
   * Returns the sum of a trainable parameter's gradients since {@link #collectGradients}, in its
   * shape; zeros where no pass needed it. Whoever asked closes it.
   */
  public NDArray gradient(String name) {
    NDArray leaf = collecting.get(name);
    if (leaf == null) {
      throw new IllegalArgumentException("no gradients are collected for a parameter " + name);
    }
    return leaf.getGradient();
  }

  /** Computes a batch: (batch, …input) to (batch, …output). */
  public NDArray forward(NDArray batch, boolean training) {
    return run(batch, this::shown, training);
  }

  /**
   * Computes some of the layers one after the other, as when predicting. What is given stays open;
   * what the network itself is given has gone through {@link #entered}.
   *
   * @param layers of this network, or a branch of one
   * @param present what {@link #present} gave for the batch
   */
  public NDArray part(List<Layer> layers, NDArray input, Optional<NDArray> present) {
    return run(layers, input, present, this::shown, false);
  }

  /** Returns a batch as the first layers see it: rounded, where the input is quantized. */
  public NDArray entered(NDArray batch) {
    return rounding.map(each -> each.output(Quantization.INPUT, batch)).orElse(batch);
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> params) {
    NDArray batch = inputs.singletonOrThrow();
    Device device = batch.getDevice();
    return new NDList(
        run(batch, name -> store.getValue(parameters.get(name), device, training), training));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputs) {
    Shape batch = inputs[0];
    check(batch);
    return new Shape[] {new Shape(batch.get(0)).addAll(architecture.output())};
  }

  private NDArray run(NDArray batch, Function<String, NDArray> parameter, boolean training) {
    check(batch.getShape());
    Optional<NDArray> present = present(batch);
    NDArray entered = entered(batch);
    NDArray output = run(architecture.layers(), entered, present, parameter, training);
    if (entered != batch && entered != output && taps.isEmpty()) {
      entered.close();
    }
    present.ifPresent(NDArray::close);
    return output;
  }

  /**
   * Returns, of a batch of texts, 1 for every position that holds a word and 0 for those that hold
   * padding, as float32 of shape (batch, positions); nothing when none holds padding.
   */
  public Optional<NDArray> present(NDArray batch) {
    if (!(architecture.layers().get(0) instanceof Embedding embedding)) {
      return Optional.empty();
    }
    try (NDArray words = batch.neq(embedding.padding());
        NDArray all = words.all()) {
      return all.getBoolean()
          ? Optional.empty()
          : Optional.of(words.toType(DataType.FLOAT32, true));
    }
  }

  /** Computes layers one after the other; the input stays, what is in between is closed. */
  private NDArray run(
      List<Layer> layers,
      NDArray input,
      Optional<NDArray> present,
      Function<String, NDArray> parameter,
      boolean training) {
    NDArray current = input;
    for (Layer layer : layers) {
      NDArray computed = run(layer, current, present, parameter, training);
      NDArray next = rounding.map(each -> each.output(layer.name(), computed)).orElse(computed);
      if (next != computed && computed != current && taps.isEmpty()) {
        computed.close();
      }
      if (next != current && current != input && taps.isEmpty()) {
        current.close();
      }
      current = next;
    }
    return current;
  }

  private NDArray run(
      Layer layer,
      NDArray input,
      Optional<NDArray> present,
      Function<String, NDArray> parameter,
      boolean training) {
    if (layer instanceof Layer.Branching branching) {
      List<NDArray> ends = new ArrayList<>();
      for (List<Layer> branch : branching.branches()) {
        ends.add(run(branch, input, present, parameter, training));
      }
      NDArray joined = branching.join(ends, present);
      taps.forEach(tap -> tap.joined(layer.name(), input, joined));
      if (taps.isEmpty()) {
        ends.stream().filter(end -> end != input).forEach(NDArray::close);
      }
      return joined;
    }
    if (!(layer instanceof Layer.Parametric parametric)) {
      return ((Layer.Functional) layer).apply(input, present, training);
    }
    NDArray seen = rounding.map(each -> each.input(layer.name(), input)).orElse(input);
    for (Tap tap : taps) {
      tap.input(layer.name(), seen);
    }
    NDArray output =
        parametric.forward(
            seen, name -> parameter.apply(parametric.holder() + "." + name), training);
    if (seen != input && taps.isEmpty()) {
      seen.close();
    }
    for (Tap tap : taps) {
      output = tap.output(layer.name(), output);
    }
    return output;
  }

  private void check(Shape batch) {
    boolean fits = batch.dimension() == architecture.input().dimension() + 1;
    if (!fits || !batch.slice(1).equals(architecture.input())) {
      throw new IllegalArgumentException(
          "the network takes batches of shape (batch, …%s), was given %s"
              .formatted(architecture.input(), batch));
    }
  }

  /** Returns what a pass computes with. */
  private NDArray shown(String name) {
    NDArray leaf = collecting.get(name);
    return leaf == null ? array(name) : leaf;
  }

  private NDArray array(String name) {
    NDArray array = arrays.get(name);
    if (array == null) {
      throw new IllegalArgumentException("no parameter is named " + name);
    }
    return array;
  }
}

package io.secateur.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Affine;
import io.secateur.model.Checkpoint;
import io.secateur.model.Grid;
import io.secateur.model.NetworkBlock;
import io.secateur.model.ParameterSpec;
import io.secateur.model.Quantization;
import io.secateur.model.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The float32 numbers behind a quantized network's parameters while it is trained (Jacob et al.,
 * 2018). The network holds what they are rounded to, so that at any time it is the quantized
 * network that evaluation sees; the optimiser moves the shadows by the gradients of the rounded
 * (Bengio et al., 2013), and they are rounded again. Without a quantization there are none.
 *
 * <p>Scales follow the shadows: the largest magnitude of a row, or of the tensor, becomes the
 * largest integer, so that none is ever clipped, and more than that where the bias beside needs it.
 * A bias whose products are integers keeps its ratio to the scales of the weight beside it, which
 * is its input's scale.
 */
final class Shadows {
  /** What is behind the parameter's name where shadows travel with the optimiser's state. */
  private static final String SLOT = "/shadow";

  /** What is behind a bias's name where its input's scales travel. */
  private static final String INPUT = "/input-scale";

  private static final String SCALE = "/scale";
  private static final NDIndex WHOLE = new NDIndex("...");

  private final Optional<Quantization> quantization;
  private final NDManager manager;
  private final Map<String, Shadow> all = new LinkedHashMap<>();

  /**
   * A parameter's shadow.
   *
   * @param numbers in the parameter's shape
   * @param rounded the network's own
   * @param scales float32 of shape (scales, 1), as many as the grid has
   * @param inputs what a bias's scales are times those of its weight
   */
  private record Shadow(
      Grid grid, NDArray numbers, NDArray rounded, NDArray scales, Optional<Inputs> inputs) {
    /** Returns the numbers that share a scale as rows. */
    NDArray rows() {
      return numbers.reshape(scales.size(), -1);
    }

    /** Returns the largest magnitude of each row, as a column in float64. */
    NDArray most() {
      return wide(rows().abs().max(new int[] {1}, true));
    }
  }

  private record Inputs(Shadow weight, NDArray scales) {}

  /**
   * Shadows to go on with.
   *
   * @param state where they may be among the optimiser's own; else they start from the numbers that
   *     the integers stand for
   * @param manager owns them
   */
  Shadows(Checkpoint model, NetworkBlock block, Map<String, Tensor> state, NDManager manager) {
    this.quantization = model.quantization();
    this.manager = manager;
    Map<String, Grid> grids = quantization.map(Quantization::grids).orElse(Map.of());
    Map<String, NDArray> arrays = block.arrays();
    // Weights come before the biases that look at them.
    for (boolean biases : new boolean[] {false, true}) {
      for (ParameterSpec spec : model.architecture().parameters()) {
        Grid grid = grids.get(spec.name());
        NDArray rounded = arrays.get(spec.name());
        boolean bias = spec.kind() == ParameterSpec.Kind.BIAS;
        if (spec.trainable() && grid != null && rounded != null && bias == biases) {
          Tensor numbers = state.getOrDefault(spec.name() + SLOT, model.parameter(spec.name()));
          NDArray scales = grid.scales().in(manager).reshape(grid.scales().size(), 1);
          Optional<Inputs> inputs =
              bias ? inputs(spec.name(), grid.scales(), state) : Optional.empty();
          all.put(spec.name(), new Shadow(grid, numbers.in(manager), rounded, scales, inputs));
        }
      }
    }
  }

  /** What the input's scale is known by: its products with the weight's are the bias's. */
  private Optional<Inputs> inputs(String bias, Tensor scales, Map<String, Tensor> state) {
    String name = bias.substring(0, bias.lastIndexOf('.') + 1) + "weight";
    Shadow weight = all.get(name);
    if (weight == null || (weight.scales.size() != 1 && weight.scales.size() != scales.size())) {
      return Optional.empty();
    }
    Tensor travelled = state.get(bias + INPUT);
    float[] own = scales.toFloats();
    float[] beside = weight.scales.toFloatArray();
    float[] inputs =
        travelled != null
            ? travelled.toFloats()
            : exact(own, beside).orElseGet(() -> quotients(own, beside));
    return Optional.of(new Inputs(weight, Tensor.of(new Shape(own.length, 1), inputs).in(manager)));
  }

  private Optional<float[]> exact(float[] own, float[] weight) {
    for (Affine affine : quantization.orElseThrow().activations().values()) {
      boolean all = true;
      for (int row = 0; row < own.length && all; row++) {
        all = own[row] == affine.scale() * weight[weight.length == 1 ? 0 : row];
      }
      if (all) {
        float[] inputs = new float[own.length];
        Arrays.fill(inputs, affine.scale());
        return Optional.of(inputs);
      }
    }
    return Optional.empty();
  }

  private static float[] quotients(float[] own, float[] weight) {
    float[] quotients = new float[own.length];
    for (int row = 0; row < own.length; row++) {
      quotients[row] = own[row] / weight[weight.length == 1 ? 0 : row];
    }
    return quotients;
  }

  private static NDArray wide(NDArray numbers) {
    return numbers.toType(DataType.FLOAT64, true);
  }

  /** Returns what the optimiser moves for a parameter: its shadow, or the network's own. */
  NDArray moved(String name, NDArray own) {
    Shadow shadow = all.get(name);
    return shadow == null ? own : shadow.numbers;
  }

  /** Returns all of a network's arrays, shadows in the place of what they are rounded to. */
  Map<String, NDArray> moved(Map<String, NDArray> arrays) {
    Map<String, NDArray> moved = new LinkedHashMap<>();
    arrays.forEach((name, array) -> moved.put(name, moved(name, array)));
    return moved;
  }

  /** Gives the network what the shadows are rounded to now. */
  void round() {
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      all.values().forEach(this::follow);
    }
    for (Shadow shadow : all.values()) {
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        // As Grid computes it, to the last bit: in float64, rounded once; 0 is added for -0.
        NDArray scales = wide(shadow.scales);
        NDArray integers = wide(shadow.rows()).div(scales).round();
        NDArray rounded =
            integers
                .clip(-shadow.grid.largest(), shadow.grid.largest())
                .mul(scales)
                .add(manager.create(0.0))
                .toType(DataType.FLOAT32, false);
        // Shares the array's memory, and is not followed by the gradients' bookkeeping.
        shadow.rounded.stopGradient().set(WHOLE, rounded.reshape(shadow.rounded.getShape()));
      }
    }
  }

  private void follow(Shadow shadow) {
    if (shadow.grid.type() == DataType.INT8) {
      NDArray scales = shadow.most().div(number(shadow.grid.largest()));
      NDArray narrow = scales.toType(DataType.FLOAT32, false);
      // Where all is 0, or as good as, any scale would do.
      NDArray tiny = narrow.lt(manager.create(Float.MIN_NORMAL));
      shadow.scales.set(WHOLE, NDArrays.where(tiny, narrow.onesLike(), narrow));
    } else if (shadow.inputs.isPresent()) {
      Inputs inputs = shadow.inputs.get();
      NDArray weight = inputs.weight.scales;
      // A bias too large for its integers makes the weight's scale as much larger as it takes.
      NDArray least =
          shadow
              .most()
              .div(number(shadow.grid.largest() * (1 - 1e-6)))
              .maximum(number(2 * Float.MIN_NORMAL))
              .div(wide(inputs.scales));
      NDArray needed = weight.size() == 1 ? least.max().reshape(1, 1) : least;
      weight.set(WHOLE, weight.maximum(needed.toType(DataType.FLOAT32, false)));
      shadow.scales.set(WHOLE, inputs.scales.mul(weight));
    }
  }

  private NDArray number(double value) {
    return manager.create(value);
  }

  /** Returns copies of the shadows, as they travel with the optimiser's state. */
  Map<String, Tensor> slots() {
    Map<String, Tensor> slots = new TreeMap<>();
    all.forEach(
        (name, shadow) -> {
          slots.put(name + SLOT, Tensor.copyOf(shadow.numbers));
          shadow.inputs.ifPresent(inputs -> slots.put(name + INPUT, Tensor.copyOf(inputs.scales)));
        });
    return slots;
  }

  /** Returns the grids that the network's parameters lie on now. */
  Optional<Quantization> quantization() {
    return on(quantization, scales());
  }

  /** Returns copies of the scales as they are now, by parameter and what is behind its name. */
  Map<String, Tensor> scales() {
    Map<String, Tensor> scales = new TreeMap<>();
    all.forEach(
        (name, shadow) ->
            scales.put(
                name + SCALE,
                Tensor.of(new Shape(shadow.scales.size()), shadow.scales.toFloatArray())));
    return scales;
  }

  /**
   * Returns a quantization on other grids.
   *
   * @param scales as {@link #scales} gives them; where one is missing, the grid stays
   */
  static Optional<Quantization> on(
      Optional<Quantization> quantization, Map<String, Tensor> scales) {
    return quantization.map(
        before -> {
          Map<String, Grid> grids = new TreeMap<>();
          before
              .grids()
              .forEach(
                  (name, grid) -> {
                    Tensor own = scales.getOrDefault(name + SCALE, grid.scales());
                    grids.put(name, new Grid(own, grid.largest()));
                  });
          return new Quantization(grids, before.activations(), before.dynamic());
        });
  }
}

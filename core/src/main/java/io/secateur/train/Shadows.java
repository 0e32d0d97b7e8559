package io.secateur.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Checkpoint;
import io.secateur.model.Grid;
import io.secateur.model.NetworkBlock;
import io.secateur.model.ParameterSpec;
import io.secateur.model.Quantization;
import io.secateur.model.Tensor;
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
 * largest integer, so that none is ever clipped. A bias whose products are integers keeps its ratio
 * to the scales of the weight beside it, which is its input's scale.
 */
final class Shadows {
  /** What is behind the parameter's name where shadows travel with the optimiser's state. */
  private static final String SLOT = "/shadow";

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
   * @param ratio what a bias's scales are of those of its weight, in float64
   */
  private record Shadow(
      Grid grid, NDArray numbers, NDArray rounded, NDArray scales, Optional<Ratio> ratio) {}

  private record Ratio(Shadow weight, NDArray factor) {}

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
          Optional<Ratio> ratio = bias ? ratio(spec.name(), scales) : Optional.empty();
          all.put(spec.name(), new Shadow(grid, numbers.in(manager), rounded, scales, ratio));
        }
      }
    }
  }

  private Optional<Ratio> ratio(String bias, NDArray scales) {
    Shadow weight = all.get(bias.replaceAll("[^.]*$", "weight"));
    if (weight == null || (weight.scales.size() != 1 && weight.scales.size() != scales.size())) {
      return Optional.empty();
    }
    try (NDScope scope = new NDScope()) {
      scope.suppressNotUsedWarning();
      NDArray factor = wide(scales).div(wide(weight.scales));
      NDScope.unregister(factor);
      return Optional.of(new Ratio(weight, factor));
    }
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
    for (Shadow shadow : all.values()) {
      try (NDScope scope = new NDScope()) {
        scope.suppressNotUsedWarning();
        Shape rows = new Shape(shadow.scales.size(), -1);
        NDArray numbers = shadow.numbers.reshape(rows);
        follow(shadow, numbers);
        // As Grid computes it, to the last bit: in float64, rounded once; 0 is added for -0.
        NDArray scales = wide(shadow.scales);
        NDArray integers = wide(numbers).div(scales).round();
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

  private void follow(Shadow shadow, NDArray numbers) {
    if (shadow.grid.type() == DataType.INT8) {
      NDArray most = numbers.abs().max(new int[] {1}, true);
      set(shadow, wide(most).div(manager.create((double) shadow.grid.largest())));
    } else if (shadow.ratio.isPresent()) {
      Ratio ratio = shadow.ratio.get();
      set(shadow, wide(ratio.weight.scales).mul(ratio.factor));
    }
  }

  /** Where all is 0, or as good as, any scale would do. */
  private void set(Shadow shadow, NDArray wide) {
    NDArray scales = wide.toType(DataType.FLOAT32, true);
    NDArray tiny = scales.lt(manager.create(Float.MIN_NORMAL));
    shadow.scales.set(WHOLE, NDArrays.where(tiny, scales.onesLike(), scales));
  }

  /** Returns copies of the shadows, as they travel with the optimiser's state. */
  Map<String, Tensor> slots() {
    Map<String, Tensor> slots = new TreeMap<>();
    all.forEach((name, shadow) -> slots.put(name + SLOT, Tensor.copyOf(shadow.numbers)));
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

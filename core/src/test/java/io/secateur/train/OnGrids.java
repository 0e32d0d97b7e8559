package io.secateur.train;

import ai.djl.ndarray.types.Shape;
import io.secateur.model.Affine;
import io.secateur.model.Checkpoint;
import io.secateur.model.Grid;
import io.secateur.model.ParameterSpec;
import io.secateur.model.Quantization;
import io.secateur.model.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** Quantizes models for tests, the plainest way. */
final class OnGrids {
  private OnGrids() {}

  /**
   * Weights by row to the nearest integer; biases of the layers named as int32.
   *
   * @param inputs by layer: the activation that goes into it
   */
  static Checkpoint of(
      Checkpoint floats, int largest, Map<String, Affine> activations, Map<String, String> inputs) {
    Map<String, Tensor> parameters = new LinkedHashMap<>(floats.parameters());
    Map<String, Grid> grids = new LinkedHashMap<>();
    for (ParameterSpec spec : floats.architecture().prunable()) {
      int rows = (int) spec.form().rows();
      float[] scales = scales(floats.parameter(spec.name()), rows, largest);
      String layer = spec.name().replace(".weight", "");
      Optional<Affine> input = Optional.ofNullable(inputs.get(layer)).map(activations::get);
      for (int row = 0; row < rows && input.isPresent(); row++) {
        float bias = Math.abs(floats.parameter(layer + ".bias").toFloats()[row]);
        scales[row] = Math.max(scales[row], bias / 2e9f / input.get().scale());
      }
      round(spec.name(), new Grid(Tensor.of(new Shape(rows), scales), largest), parameters, grids);
      if (input.isPresent()) {
        for (int row = 0; row < rows; row++) {
          scales[row] *= input.get().scale();
        }
        Grid grid = new Grid(Tensor.of(new Shape(rows), scales), Integer.MAX_VALUE);
        round(layer + ".bias", grid, parameters, grids);
      }
    }
    Quantization quantization = new Quantization(grids, activations, Set.of());
    return floats.withParameters(parameters, Optional.of(quantization));
  }

  private static void round(
      String name, Grid grid, Map<String, Tensor> parameters, Map<String, Grid> grids) {
    grids.put(name, grid);
    parameters.put(name, grid.rounded(Objects.requireNonNull(parameters.get(name))));
  }

  /** Returns the scales at which every row's largest magnitude is the largest integer. */
  static float[] scales(Tensor weight, int rows, int largest) {
    float[] values = weight.toFloats();
    float[] scales = new float[rows];
    for (int i = 0; i < values.length; i++) {
      int row = i / (values.length / rows);
      scales[row] = Math.max(scales[row], Math.abs(values[i]));
    }
    for (int row = 0; row < rows; row++) {
      scales[row] = scales[row] == 0 ? 1 : (float) ((double) scales[row] / largest);
    }
    return scales;
  }
}

package io.secateur.quantization;

import io.secateur.model.Architecture;
import io.secateur.model.BatchNorm;
import io.secateur.model.Checkpoint;
import io.secateur.model.Conv2d;
import io.secateur.model.Layer;
import io.secateur.model.Linear;
import io.secateur.model.ParameterSpec;
import io.secateur.model.Tensor;
import io.secateur.model.TrainingState;
import io.secateur.sparsity.Form;
import io.secateur.sparsity.Mask;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A model whose batch norms directly behind a linear or convolution layer are part of that layer:
 * of row r, with s = γ / √(σ² + ε), the weights become w·s and the bias β + (b − μ)·s, computed in
 * double and rounded once. Other batch norms stay. What is 0 stays +0.0, and masks stay; where γ
 * was pruned, so is the row, and where β was pruned too, so is the bias.
 */
final class FoldedNorms {
  private final Checkpoint model;
  private final Map<String, Tensor> parameters;
  private final Map<String, Mask> masks;
  private final Map<String, String> norms = new LinkedHashMap<>();

  private FoldedNorms(Checkpoint model) {
    this.model = model;
    this.parameters = new LinkedHashMap<>(model.parameters());
    this.masks = new LinkedHashMap<>(model.masks());
  }

  /**
   * What is left.
   *
   * @param model the same one when there was nothing to fold
   * @param into by batch norm, the layer that it was folded into
   */
  record Folded(Checkpoint model, Map<String, String> into) {}

  /** Folds all batch norms that can be. */
  static Folded of(Checkpoint model) {
    FoldedNorms folding = new FoldedNorms(model);
    Architecture before = model.architecture();
    Architecture after = new Architecture(before.input(), folding.fold(before.layers()));
    return folding.norms.isEmpty() ? new Folded(model, Map.of()) : folding.folded(after);
  }

  /** Returns whether an architecture has a batch norm that can be folded. */
  static boolean any(Architecture architecture) {
    return any(architecture.layers());
  }

  private static boolean any(List<Layer> layers) {
    for (int i = 0; i < layers.size(); i++) {
      if (layers.get(i) instanceof BatchNorm && i > 0 && takes(layers.get(i - 1))) {
        return true;
      }
      if (layers.get(i) instanceof Layer.Branching branching
          && branching.branches().stream().anyMatch(FoldedNorms::any)) {
        return true;
      }
    }
    return false;
  }

  private static boolean takes(Layer layer) {
    return layer instanceof Conv2d || layer instanceof Linear;
  }

  private List<Layer> fold(List<Layer> layers) {
    List<Layer> left = new ArrayList<>();
    for (Layer layer : layers) {
      int last = left.size() - 1;
      if (layer instanceof BatchNorm norm && last >= 0 && takes(left.get(last))) {
        multiply(left.get(last).name(), norm);
        norms.put(norm.name(), left.get(last).name());
        left.set(last, biased(left.get(last)));
      } else if (layer instanceof Layer.Branching branching) {
        left.add(branching.with(branching.branches().stream().map(this::fold).toList()));
      } else {
        left.add(layer);
      }
    }
    return left;
  }

  private static Layer biased(Layer layer) {
    return layer instanceof Conv2d c
        ? new Conv2d(c.name(), c.filters(), c.kernel(), c.stride(), c.padding(), c.groups(), true)
        : new Linear(layer.name(), ((Linear) layer).outputs(), true);
  }

  private void multiply(String layer, BatchNorm norm) {
    String weightName = layer + ".weight";
    String biasName = layer + ".bias";
    Tensor weight = numbers(weightName);
    Tensor shift = numbers(norm.name() + ".bias");
    int rows = (int) shift.size();
    float[] gamma = numbers(norm.name() + ".weight").toFloats();
    float[] beta = shift.toFloats();
    float[] mean = numbers(norm.name() + ".running_mean").toFloats();
    float[] variance = numbers(norm.name() + ".running_var").toFloats();
    float[] cells = weight.toFloats();
    Tensor own = parameters.get(biasName);
    float[] bias = own == null ? new float[rows] : own.toFloats();
    int columns = cells.length / rows;
    for (int row = 0; row < rows; row++) {
      double scale = gamma[row] / Math.sqrt(variance[row] + norm.epsilon());
      for (int cell = row * columns; cell < (row + 1) * columns; cell++) {
        // Adding 0 leaves no negative zero.
        cells[cell] = (float) (cells[cell] * scale) + 0f;
      }
      bias[row] = (float) (beta[row] + (bias[row] - (double) mean[row]) * scale) + 0f;
    }
    parameters.put(weightName, Tensor.of(weight.shape(), cells));
    parameters.put(biasName, Tensor.of(shift.shape(), bias));
    mask(layer, norm, columns, bias);
    for (String each : List.of("weight", "bias", "running_mean", "running_var")) {
      parameters.remove(norm.name() + "." + each);
      masks.remove(norm.name() + "." + each);
    }
  }

  /** What was pruned away stays so, though the norm that held the mask is gone. */
  private void mask(String layer, BatchNorm norm, int columns, float[] bias) {
    Mask scales = masks.get(norm.name() + ".weight");
    String weightName = layer + ".weight";
    if (scales != null && scales.pruned() > 0) {
      Mask rows = Mask.of(formOf(weightName), cell -> scales.keeps(cell / columns));
      masks.merge(weightName, rows, Mask::and);
    }
    Mask shifts = masks.get(norm.name() + ".bias");
    String biasName = layer + ".bias";
    masks.remove(biasName);
    if (shifts != null) {
      Mask kept = Mask.of(shifts.form(), cell -> shifts.keeps(cell) || bias[(int) cell] != 0);
      if (kept.pruned() > 0) {
        masks.put(biasName, kept);
      }
    }
  }

  private Form formOf(String weight) {
    return model.architecture().parameter(weight).form();
  }

  private Tensor numbers(String name) {
    Tensor tensor = parameters.get(name);
    if (tensor == null) {
      throw new IllegalStateException("the model has no parameter " + name);
    }
    return tensor;
  }

  /** A training that stands in the middle is one of the layers that were. */
  private Folded folded(Architecture after) {
    Map<String, Tensor> kept = new LinkedHashMap<>();
    for (ParameterSpec spec : after.parameters()) {
      kept.put(spec.name(), numbers(spec.name()));
    }
    Checkpoint folded =
        new Checkpoint(
            after,
            kept,
            masks,
            model
                .training()
                .filter(TrainingState::over)
                .filter(state -> state.optimizer().isEmpty()),
            model.attachments());
    return new Folded(folded, Map.copyOf(norms));
  }
}

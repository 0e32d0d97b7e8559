package io.secateur.quantization.onnx;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.model.Affine;
import io.secateur.model.Architecture;
import io.secateur.model.Checkpoint;
import io.secateur.model.Conv2d;
import io.secateur.model.Dropout;
import io.secateur.model.Embedding;
import io.secateur.model.Flatten;
import io.secateur.model.Grid;
import io.secateur.model.Layer;
import io.secateur.model.Linear;
import io.secateur.model.MaxPool2d;
import io.secateur.model.NetworkBlock;
import io.secateur.model.ParameterSpec;
import io.secateur.model.Quantization;
import io.secateur.model.Relu;
import io.secateur.model.Tensor;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Models rounded for tests of graphs: weights to the nearest, ranges those of one batch. */
final class Quantized {
  private Quantized() {}

  /** Returns a model with all weights and tables on grids, a scale for each row or one for all. */
  static Checkpoint weights(Checkpoint floats, int largest, boolean perRow) {
    Map<String, Tensor> parameters = new LinkedHashMap<>(floats.parameters());
    Map<String, Grid> grids = new LinkedHashMap<>();
    for (ParameterSpec spec : floats.architecture().prunable()) {
      Tensor weight = floats.parameter(spec.name());
      int rows = perRow ? (int) spec.shape().get(0) : 1;
      Grid grid = new Grid(Tensor.of(new Shape(rows), scales(weight, rows, largest)), largest);
      grids.put(spec.name(), grid);
      parameters.put(spec.name(), grid.rounded(weight));
    }
    return floats
        .withParameters(parameters)
        .withQuantization(Optional.of(new Quantization(grids, Map.of(), Set.of())));
  }

  private static float[] scales(Tensor weight, int rows, int largest) {
    float[] values = weight.toFloats();
    float[] scales = new float[rows];
    for (int i = 0; i < values.length; i++) {
      int row = i / (values.length / rows);
      scales[row] = Math.max(scales[row], Math.abs(values[i]) / largest);
    }
    for (int row = 0; row < rows; row++) {
      scales[row] = scales[row] == 0 ? 1 : scales[row];
    }
    return scales;
  }

  /** Returns a model whose linear layers and convolutions spread their inputs themselves. */
  static Checkpoint dynamic(Checkpoint floats, int largest, boolean perRow) {
    Checkpoint rounded = weights(floats, largest, perRow);
    Set<String> dynamic = new TreeSet<>();
    for (Architecture.Place place : floats.architecture().places()) {
      if (place.layer() instanceof Linear || place.layer() instanceof Conv2d) {
        dynamic.add(place.layer().name());
      }
    }
    Quantization own = rounded.quantization().orElseThrow();
    return rounded.withQuantization(Optional.of(new Quantization(own.grids(), Map.of(), dynamic)));
  }

  /** Returns a model whose integers meet integers, over the ranges that a batch has. */
  static Checkpoint statically(
      Checkpoint floats, int largest, boolean perRow, float[] numbers, int examples) {
    Checkpoint rounded = weights(floats, largest, perRow);
    Map<String, Affine> activations = new HashMap<>();
    Map<String, Affine> inputs = new HashMap<>();
    try (NDManager manager = NDManager.newBaseManager("PyTorch")) {
      Ranges ranges = new Ranges();
      NetworkBlock block = floats.block(manager);
      block.tap(ranges);
      Shape batch = new Shape(examples).addAll(floats.architecture().input());
      boolean ids = floats.architecture().layers().get(0) instanceof Embedding;
      block.forward(
          manager.create(numbers, batch).toType(ids ? DataType.INT64 : DataType.FLOAT32, false),
          false);
      walk(floats.architecture().layers(), Quantization.INPUT, ranges, activations, inputs);
    }
    Quantization own = rounded.quantization().orElseThrow();
    Map<String, Grid> grids = new LinkedHashMap<>(own.grids());
    Map<String, Tensor> parameters = new LinkedHashMap<>(rounded.parameters());
    inputs.forEach(
        (layer, affine) -> {
          Tensor bias = parameters.get(layer + ".bias");
          if (bias != null) {
            float[] scales =
                Objects.requireNonNull(grids.get(layer + ".weight")).scales().toFloats();
            for (int i = 0; i < scales.length; i++) {
              scales[i] *= affine.scale();
            }
            Grid grid = new Grid(Tensor.of(new Shape(scales.length), scales), 1 << 30);
            grids.put(layer + ".bias", grid);
            parameters.put(layer + ".bias", grid.rounded(bias));
          }
        });
    return floats
        .withParameters(parameters)
        .withQuantization(Optional.of(new Quantization(grids, activations, Set.of())));
  }

  /** Least and largest numbers into and out of layers with parameters. */
  private static final class Ranges implements NetworkBlock.Tap {
    private final Map<String, float[]> in = new HashMap<>();
    private final Map<String, float[]> out = new HashMap<>();

    @Override
    public void input(String layer, NDArray input) {
      in.put(layer, range(input));
    }

    @Override
    public NDArray output(String layer, NDArray output) {
      out.put(layer, range(output));
      return output;
    }

    private static float[] range(NDArray numbers) {
      return new float[] {
        numbers.min().toType(DataType.FLOAT32, false).getFloat(),
        numbers.max().toType(DataType.FLOAT32, false).getFloat()
      };
    }

    private static Affine affine(Map<String, float[]> ranges, String layer, boolean relu) {
      float[] range = Objects.requireNonNull(ranges.get(layer));
      return Affine.over(relu ? 0 : range[0], relu ? Math.max(0, range[1]) : range[1]);
    }
  }

  private static void walk(
      List<Layer> layers,
      String first,
      Ranges ranges,
      Map<String, Affine> activations,
      Map<String, Affine> inputs) {
    String before = first;
    for (int i = 0; i < layers.size(); i++) {
      Layer layer = layers.get(i);
      String name = layer.name();
      Affine given = activations.get(before);
      if (layer instanceof Layer.Branching branching) {
        for (List<Layer> branch : branching.branches()) {
          walk(branch, before, ranges, activations, inputs);
        }
      } else if (layer instanceof Linear || layer instanceof Conv2d) {
        given = given == null ? Ranges.affine(ranges.in, name, false) : given;
        activations.put(before, given);
        inputs.put(name, given);
        boolean relu = i + 1 < layers.size() && layers.get(i + 1) instanceof Relu;
        if (layer instanceof Conv2d) {
          String maker = relu ? layers.get(i + 1).name() : name;
          activations.put(maker, Ranges.affine(ranges.out, name, relu));
        }
      } else if (given != null
          && (layer instanceof MaxPool2d || layer instanceof Flatten || layer instanceof Dropout)) {
        activations.put(name, given);
      }
      before = name;
    }
  }
}

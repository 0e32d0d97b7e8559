package io.secateur.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.secateur.sparsity.Mask;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QuantizationTest {
  @TempDir Path folder;

  /** A checkpoint with its weights rounded to integers; biases and all else as they are. */
  static Checkpoint onGrids(Checkpoint floats, int largest, boolean perRow) {
    Map<String, Tensor> parameters = new LinkedHashMap<>(floats.parameters());
    Map<String, Grid> grids = new LinkedHashMap<>();
    for (ParameterSpec spec : floats.architecture().prunable()) {
      Tensor weight = floats.parameter(spec.name());
      int rows = perRow ? (int) spec.form().rows() : 1;
      float[] values = weight.toFloats();
      float[] scales = new float[rows];
      for (int i = 0; i < values.length; i++) {
        int row = i / (values.length / rows);
        scales[row] = Math.max(scales[row], Math.abs(values[i]) / largest);
      }
      for (int row = 0; row < rows; row++) {
        scales[row] = scales[row] == 0 ? 1 : scales[row];
      }
      Grid grid = new Grid(Tensor.of(new Shape(rows), scales), largest);
      grids.put(spec.name(), grid);
      parameters.put(spec.name(), grid.rounded(weight));
    }
    return floats
        .withParameters(parameters)
        .withQuantization(Optional.of(new Quantization(grids, Map.of(), Set.of())));
  }

  private static Checkpoint convnet() {
    return EncodingTest.pruned(ArchitectureTest.SMALL_CONVNET, 3);
  }

  @Test
  void roundsToTheNearestIntegerAndTiesToEven() {
    Grid grid = new Grid(Tensor.of(new Shape(2), 0.5f, 0.1f), 127);
    Tensor numbers = Tensor.of(new Shape(2, 4), 0.25f, 0.75f, -0.25f, 100f, 0.1f, -0.26f, 0f, -13f);

    assertThat(grid.integers(numbers).type()).isEqualTo(DataType.INT8);
    assertThat(bytes(grid.integers(numbers))).containsExactly(0, 2, 0, 127, 1, -3, 0, -127);
    assertThat(grid.rounded(numbers))
        .isEqualTo(
            Tensor.of(
                new Shape(2, 4),
                0f,
                1f,
                0f,
                63.5f,
                0.1f,
                (float) (-3 * (double) 0.1f),
                0f,
                (float) (-127 * (double) 0.1f)));
  }

  private static int[] bytes(Tensor tensor) {
    int[] all = new int[(int) tensor.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = tensor.byteAt(i);
    }
    return all;
  }

  @Test
  void integersStandForTheNumbersThatTheyCameFrom() {
    for (int largest : new int[] {63, 127}) {
      Checkpoint model = onGrids(convnet(), largest, true);
      Quantization quantization = model.quantization().orElseThrow();
      quantization
          .grids()
          .forEach(
              (name, grid) -> {
                Tensor numbers = model.parameter(name);
                assertThat(grid.numbers(grid.integers(numbers))).isEqualTo(numbers);
                assertThat(grid.rounded(numbers)).isEqualTo(numbers);
              });
    }
  }

  @Test
  void zerosStayZerosAndNoOthersAreMade() {
    Checkpoint floats = convnet();
    Checkpoint model = onGrids(floats, 127, true);
    for (Map.Entry<String, Mask> each : floats.masks().entrySet()) {
      float[] rounded = model.parameter(each.getKey()).toFloats();
      for (int cell = 0; cell < rounded.length; cell++) {
        if (!each.getValue().keeps(cell)) {
          assertThat(Float.floatToRawIntBits(rounded[cell])).isZero();
        }
      }
    }
  }

  @Test
  void refusesNumbersBesideTheGrid() {
    Checkpoint model = onGrids(convnet(), 127, false);
    Map<String, Tensor> moved = new LinkedHashMap<>(model.parameters());
    String name = model.quantization().orElseThrow().grids().keySet().iterator().next();
    float[] values = model.parameter(name).toFloats();
    values[3] += 1e-4f;
    moved.put(name, Tensor.of(model.parameter(name).shape(), values));

    assertThatThrownBy(() -> model.withParameters(moved))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(name)
        .hasMessageContaining("cell 3");
  }

  @Test
  void foldersHoldTheIntegers() throws IOException {
    Checkpoint model = onGrids(convnet(), 127, true);
    CheckpointFiles.write(model, folder.resolve("q"));

    assertThat(CheckpointFiles.read(folder.resolve("q"))).isEqualTo(model);
    Safetensors file = Safetensors.read(folder.resolve("q").resolve("model.safetensors"));
    model
        .quantization()
        .orElseThrow()
        .grids()
        .forEach(
            (name, grid) -> {
              assertThat(Naive.value(file.tensors(), name).type()).isEqualTo(DataType.INT8);
              assertThat(Naive.value(file.tensors(), name + ".scale")).isEqualTo(grid.scales());
            });
  }

  @Test
  void damagedIntegersAreRefusedWithTheFile() throws IOException {
    Checkpoint model = onGrids(convnet(), 63, true);
    CheckpointFiles.write(model, folder.resolve("q"));
    Path file = folder.resolve("q").resolve("model.safetensors");
    Safetensors contents = Safetensors.read(file);
    Map<String, Tensor> tensors = new LinkedHashMap<>(contents.tensors());
    String name = model.quantization().orElseThrow().grids().keySet().iterator().next();
    Tensor own = Naive.value(tensors, name);
    byte[] bytes = new byte[(int) own.size()];
    bytes[1] = 64;
    tensors.put(name, Tensor.of(DataType.INT8, own.shape(), List.of(ByteBuffer.wrap(bytes))));
    new Safetensors(tensors, contents.metadata()).write(file);

    assertThatThrownBy(() -> CheckpointFiles.read(folder.resolve("q")))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("model.safetensors")
        .hasMessageContaining("reach to 63, cell 1 holds 64");
  }

  @Test
  void activationsAreRoundedOnTheWay() {
    Architecture two =
        new Architecture(
            new Shape(3),
            List.of(new Linear("fc1", 2), new Relu("relu1"), new Linear("fc2", 2, false)));
    Map<String, Tensor> parameters =
        Map.of(
            "fc1.weight", Tensor.of(new Shape(2, 3), 1f, 0.5f, -0.25f, 0.3f, -1f, 0.7f),
            "fc1.bias", Tensor.of(new Shape(2), 0.1f, -0.2f),
            "fc2.weight", Tensor.of(new Shape(2, 2), 1f, 2f, -1f, 0.5f));
    Affine input = Affine.over(-1, 2);
    Affine middle = Affine.over(0, 1.5);
    Quantization quantization =
        new Quantization(Map.of(), Map.of(Quantization.INPUT, input, "relu1", middle), Set.of());
    Checkpoint model = new Checkpoint(two, parameters).withQuantization(Optional.of(quantization));
    float[] x = {0.7f, -5f, 1.2345f, 3f, 0.001f, -0.5f};

    float[] computed;
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray batch = manager.create(x, new Shape(2, 3));
      computed = model.block(manager).forward(batch, false).toFloatArray();
    }

    for (int example = 0; example < 2; example++) {
      double[] in = new double[3];
      for (int i = 0; i < 3; i++) {
        in[i] = naive(x[example * 3 + i], input);
      }
      double[] hidden = new double[2];
      float[] w1 = Naive.value(parameters, "fc1.weight").toFloats();
      float[] b1 = Naive.value(parameters, "fc1.bias").toFloats();
      for (int row = 0; row < 2; row++) {
        double sum = b1[row];
        for (int i = 0; i < 3; i++) {
          sum += w1[row * 3 + i] * in[i];
        }
        hidden[row] = naive((float) Math.max(0, sum), middle);
      }
      assertThat((double) computed[example * 2]).isCloseTo(hidden[0] + 2 * hidden[1], within());
      assertThat((double) computed[example * 2 + 1])
          .isCloseTo(-hidden[0] + 0.5 * hidden[1], within());
    }
  }

  private static Offset<Double> within() {
    return Offset.offset(1e-6);
  }

  private static double naive(float x, Affine affine) {
    double integer = Math.rint(x / affine.scale()) + affine.zeroPoint();
    return (Math.max(0, Math.min(255, integer)) - affine.zeroPoint()) * affine.scale();
  }

  @Test
  void dynamicRangesAreThoseOfTheBatch() {
    Architecture one = new Architecture(new Shape(2), List.of(new Linear("fc1", 1, false)));
    Map<String, Tensor> parameters = Map.of("fc1.weight", Tensor.of(new Shape(1, 2), 1f, 0f));
    Checkpoint model =
        new Checkpoint(one, parameters)
            .withQuantization(Optional.of(new Quantization(Map.of(), Map.of(), Set.of("fc1"))));
    try (NDManager manager = NDManager.newBaseManager()) {
      NDArray batch = manager.create(new float[] {0.3f, -2f, 0.777f, 4f}, new Shape(2, 2));
      float[] computed = model.block(manager).forward(batch, false).toFloatArray();
      Affine range = Affine.over(-2, 4);
      assertThat((double) computed[0]).isCloseTo(naive(0.3f, range), within());
      assertThat((double) computed[1]).isCloseTo(naive(0.777f, range), within());
    }
  }

  @Test
  void zeroIsAlwaysAnIntegerOfTheRange() {
    assertThat(Affine.over(1, 3)).isEqualTo(new Affine(3f / 255, 0));
    assertThat(Affine.over(-3, -1).zeroPoint()).isEqualTo(255);
    assertThat(Affine.over(0, 0)).isEqualTo(new Affine(1, 0));
    Affine mixed = Affine.over(-1, 1);
    assertThat(naive(0f, mixed)).isZero();
  }
}

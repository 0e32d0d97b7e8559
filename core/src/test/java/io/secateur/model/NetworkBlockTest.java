package io.secateur.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDScope;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import ai.djl.training.ParameterStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("engine")
class NetworkBlockTest {
  private static final Architecture NET = ArchitectureTest.SMALL_CONVNET;
  private final Map<String, Tensor> parameters = NET.initialise(Initialisation.PYTORCH, 3);
  private NDManager manager;
  private NetworkBlock block;
  private NDArray batch;

  @BeforeEach
  void open() {
    manager = NDManager.newBaseManager();
    block = NET.block(parameters, manager);
    batch = manager.arange(2 * 72f).div(72).sub(1).reshape(2, 2, 6, 6);
  }

  @AfterEach
  void close() {
    manager.close();
  }

  @Test
  void computesWhatNaiveLoopsCompute() {
    float[] output = block.forward(batch, false).toFloatArray();

    float[] expected = new float[4];
    float[] inputs = batch.toFloatArray();
    for (int example = 0; example < 2; example++) {
      float[] input = new float[72];
      System.arraycopy(inputs, example * 72, input, 0, 72);
      System.arraycopy(Naive.forward(NET, parameters, input), 0, expected, example * 2, 2);
    }
    assertThat(output).containsExactly(expected, within(1e-5f));
  }

  @Test
  void computesGroupedStridedPaddedConvolutions() {
    Architecture grouped =
        new Architecture(new Shape(4, 7, 5), List.of(new Conv2d("conv", 6, 3, 2, 1, 2, false)));
    Map<String, Tensor> values = grouped.initialise(Initialisation.GLOROT_NORMAL, 5);
    NDArray input = manager.arange(140f).div(140).reshape(1, 4, 7, 5);

    NDArray output = grouped.block(values, manager).forward(input, false);

    assertThat(output.getShape()).isEqualTo(new Shape(1, 6, 4, 3));
    assertThat(output.toFloatArray())
        .containsExactly(Naive.forward(grouped, values, input.toFloatArray()), within(1e-5f));
  }

  @Test
  void givesItsParametersBackBitForBit() {
    assertThat(block.tensors()).isEqualTo(parameters);
    assertThat(block.arrays().keySet()).containsExactlyElementsOf(parameters.keySet());
  }

  @Test
  void isADjlBlockThatOtherToolsCanRun() {
    assertThat(block.getParameters().keys()).containsExactlyElementsOf(parameters.keySet());
    block.initialize(manager, DataType.FLOAT32, batch.getShape());
    assertThat(block.tensors()).isEqualTo(parameters);

    NDList output = block.forward(new ParameterStore(manager, false), new NDList(batch), false);

    assertThat(output.singletonOrThrow().toFloatArray())
        .isEqualTo(block.forward(batch, false).toFloatArray());
    assertThat(block.getOutputShapes(new Shape[] {batch.getShape()}))
        .containsExactly(new Shape(2, 2));
  }

  @Test
  void showsTapsWhatGoesIntoAndOutOfLayersWithParameters() {
    Map<String, Shape> inputs = new LinkedHashMap<>();
    Map<String, Shape> outputs = new LinkedHashMap<>();
    NetworkBlock.Tap tap =
        new NetworkBlock.Tap() {
          @Override
          public void input(String layer, NDArray input) {
            inputs.put(layer, input.getShape());
          }

          @Override
          public NDArray output(String layer, NDArray output) {
            outputs.put(layer, output.getShape());
            return output;
          }
        };

    block.tap(tap);
    block.forward(batch, false);
    block.untap(tap);

    assertThat(inputs)
        .containsExactly(
            Map.entry("conv1", new Shape(2, 2, 6, 6)),
            Map.entry("conv2", new Shape(2, 3, 4, 4)),
            Map.entry("fc1", new Shape(2, 16)),
            Map.entry("fc2", new Shape(2, 5)));
    assertThat(outputs)
        .containsExactly(
            Map.entry("conv1", new Shape(2, 3, 4, 4)),
            Map.entry("conv2", new Shape(2, 4, 4, 4)),
            Map.entry("fc1", new Shape(2, 5)),
            Map.entry("fc2", new Shape(2, 2)));
    inputs.clear();
    block.forward(batch, false);
    assertThat(inputs).isEmpty();
  }

  @Test
  void keepsWhatTapsWereShown() {
    List<NDArray> seen = new ArrayList<>();
    block.tap((layer, input) -> seen.add(input));

    block.forward(batch, false);

    assertThat(seen).hasSize(4).allSatisfy(array -> assertThat(array.sum().getFloat()).isFinite());
  }

  @Test
  void handsOnWhatATapReturns() {
    block.tap(
        new NetworkBlock.Tap() {
          @Override
          public void input(String layer, NDArray input) {}

          @Override
          public NDArray output(String layer, NDArray output) {
            return layer.equals("fc2") ? output.zerosLike() : output;
          }
        });

    assertThat(block.forward(batch, false).toFloatArray()).containsOnly(0);
  }

  @Test
  void leavesOneArrayPerPass() {
    block.forward(batch, false).close();
    int before = manager.getManagedArrays().size();

    for (int i = 0; i < 5; i++) {
      block.forward(batch, false).close();
      block.forward(batch, true).close();
    }

    assertThat(manager.getManagedArrays()).hasSize(before);
  }

  @Test
  void flowsGradientsToAllParametersWhenAsked() {
    block.requireGradients(true);
    try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      NDArray loss = block.forward(batch, false).square().sum();
      collector.backward(loss);
    }

    // d/dw of the squared outputs, against a difference quotient.
    NDArray weight = Naive.value(block.arrays(), "conv1.weight");
    float[] gradient = weight.getGradient().toFloatArray();
    for (int cell : new int[] {0, 10, 53}) {
      double quotient = (loss(cell, 1e-2f) - loss(cell, -1e-2f)) / 2e-2;
      assertThat((double) gradient[cell]).isCloseTo(quotient, within(2e-3));
    }
    for (Map.Entry<String, NDArray> each : block.arrays().entrySet()) {
      assertThat(each.getValue().getGradient().getShape()).isEqualTo(each.getValue().getShape());
    }
  }

  @Test
  void collectsTheGradientsOfThePassesSinceItWasAsked() {
    block.requireGradients(true);
    pass();
    float[] one = Naive.value(block.arrays(), "conv1.weight").getGradient().toFloatArray();
    block.requireGradients(false);
    int before = manager.getManagedArrays().size();
    for (int passes = 1; passes <= 2; passes++) {
      block.collectGradients();
      for (int i = 0; i < passes; i++) {
        pass();
      }
      try (NDArray gradient = block.gradient("conv1.weight")) {
        float[] sum = gradient.toFloatArray();
        for (int cell = 0; cell < one.length; cell++) {
          assertThat(sum[cell]).isCloseTo(passes * one[cell], within(1e-4f));
        }
      }
    }
    block.forgetGradients();

    assertThat(manager.getManagedArrays()).hasSize(before);
    assertThatThrownBy(() -> block.gradient("conv1.weight"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no gradients are collected for a parameter conv1.weight");
  }

  private void pass() {
    try (NDScope scope = new NDScope();
        GradientCollector collector = Engine.getInstance().newGradientCollector()) {
      scope.suppressNotUsedWarning();
      collector.backward(block.forward(batch, false).square().sum());
    }
  }

  private double loss(int cell, float by) {
    float[] values = Naive.value(parameters, "conv1.weight").toFloats();
    values[cell] += by;
    Map<String, Tensor> moved = new LinkedHashMap<>(parameters);
    moved.put("conv1.weight", Tensor.of(new Shape(3, 2, 3, 3), values));
    double sum = 0;
    for (float output : NET.block(moved, manager).forward(batch, false).toFloatArray()) {
      sum += output * output;
    }
    return sum;
  }

  @Test
  void asksForNoGradientsUnlessTold() {
    assertThat(block.arrays().values()).noneMatch(NDArray::hasGradient);
  }

  @Test
  void dropsOnlyWhileTrainingAndByTheEnginesSeed() {
    Architecture dropping =
        new Architecture(new Shape(1000), List.of(new Dropout("dropout", 0.25)));
    NetworkBlock net = dropping.block(Map.of(), manager);
    NDArray ones = manager.ones(new Shape(1, 1000));

    assertThat(net.forward(ones, false).toFloatArray()).containsOnly(1);
    Engine.getInstance().setRandomSeed(1);
    float[] first = net.forward(ones, true).toFloatArray();
    Engine.getInstance().setRandomSeed(1);
    assertThat(net.forward(ones, true).toFloatArray()).isEqualTo(first);
    long zeros = 0;
    for (float value : first) {
      zeros += value == 0 ? 1 : 0;
      assertThat(value == 0 || Math.abs(value - 4 / 3f) < 1e-6).isTrue();
    }
    assertThat(zeros).isBetween(180L, 320L);
  }

  @Test
  void refusesBatchesOfAnotherShape() {
    assertThatThrownBy(() -> block.forward(manager.ones(new Shape(2, 6, 6)), false))
        .hasMessageStartingWith("the network takes batches of shape (batch, …(2, 6, 6))")
        .hasMessageEndingWith("was given (2, 6, 6)");
  }

  @Test
  void refusesParametersThatAreMissing() {
    Map<String, Tensor> fewer = new LinkedHashMap<>(parameters);
    fewer.remove("fc1.bias");

    assertThatThrownBy(() -> NET.block(fewer, manager))
        .hasMessage("parameter fc1.bias takes float32 numbers of shape (5), was given none");
  }
}
